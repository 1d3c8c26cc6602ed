CREATE TABLE "queue_segments" (
	"performance_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"number" integer NOT NULL,
	"entries" "bytea" NOT NULL,
	"lanes" "bytea",
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "queue_segments_performance_id_kind_number_pk" PRIMARY KEY("performance_id","kind","number")
);
--> statement-breakpoint
CREATE TABLE "sale_copies" (
	"performance_id" uuid PRIMARY KEY NOT NULL,
	"mark" text NOT NULL,
	"taken_at" timestamp (3) with time zone NOT NULL,
	"joined" integer NOT NULL,
	"claimed" integer NOT NULL,
	"kept" jsonb,
	"draw" jsonb NOT NULL,
	"figures" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "performances" ADD COLUMN "emptied_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "account_tried_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "audit_log_actor" ON "audit_log" USING btree ("actor","at");