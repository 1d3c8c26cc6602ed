CREATE TABLE "posters" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" uuid NOT NULL,
	"media_type" text NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "performances" ADD COLUMN "title_en" text;--> statement-breakpoint
ALTER TABLE "performances" ADD COLUMN "description_en" text;--> statement-breakpoint
ALTER TABLE "posters" ADD CONSTRAINT "posters_owner_members_id_fk" FOREIGN KEY ("owner") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;