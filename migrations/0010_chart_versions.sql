ALTER TABLE "halls" ADD COLUMN "revises" uuid;--> statement-breakpoint
ALTER TABLE "schedules" ADD COLUMN "chart_version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "halls" ADD CONSTRAINT "halls_revises_halls_id_fk" FOREIGN KEY ("revises") REFERENCES "public"."halls"("id") ON DELETE no action ON UPDATE no action;