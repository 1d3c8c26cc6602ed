CREATE TABLE "door_scans" (
	"schedule_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"performance_id" uuid NOT NULL,
	"ticket_id" text,
	"ticket_version" integer,
	"result" text NOT NULL,
	"let_in" boolean NOT NULL,
	"offline" boolean NOT NULL,
	"device" text NOT NULL,
	"operator" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "door_scans_schedule_id_id_pk" PRIMARY KEY("schedule_id","id")
);
--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "code" text DEFAULT upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 10)) NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "door_scans_admitted_once" ON "door_scans" USING btree ("ticket_id") WHERE "door_scans"."result" in ('admitted');--> statement-breakpoint
CREATE INDEX "door_scans_schedule" ON "door_scans" USING btree ("schedule_id","at");--> statement-breakpoint
CREATE INDEX "tickets_code" ON "tickets" USING btree ("performance_id","code");