ALTER TABLE "applied_events" ADD COLUMN "happened_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "applied_events" ADD COLUMN "order_id" text;--> statement-breakpoint
ALTER TABLE "applied_events" ADD COLUMN "version" integer;--> statement-breakpoint
ALTER TABLE "applied_events" ADD COLUMN "cause" text;