CREATE TABLE "invitations" (
	"hash" text PRIMARY KEY NOT NULL,
	"organisation_id" uuid NOT NULL,
	"email_key" text NOT NULL,
	"role" text NOT NULL,
	"invited_by" uuid NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "organisation_members" (
	"organisation_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "organisation_members_organisation_id_member_id_pk" PRIMARY KEY("organisation_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "organisations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"created_by" uuid NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "halls_owner";--> statement-breakpoint
DROP INDEX "performances_owner";--> statement-breakpoint
ALTER TABLE "halls" ADD COLUMN "organisation_id" uuid;--> statement-breakpoint
ALTER TABLE "performances" ADD COLUMN "organisation_id" uuid;--> statement-breakpoint
-- Until now a hall or performance was its owner's. Every organiser gets an organisation, approved, with what is theirs.
INSERT INTO "organisations" ("id", "name", "status", "created_by", "decided_at")
  SELECT gen_random_uuid(), "nickname", 'approved', "id", now() FROM "members"
  WHERE "role" = 'organiser' OR "id" IN (SELECT "owner" FROM "halls") OR "id" IN (SELECT "owner" FROM "performances");--> statement-breakpoint
INSERT INTO "organisation_members" ("organisation_id", "member_id", "role")
  SELECT "id", "created_by", 'owner' FROM "organisations";--> statement-breakpoint
UPDATE "halls" SET "organisation_id" = "organisations"."id" FROM "organisations" WHERE "organisations"."created_by" = "halls"."owner";--> statement-breakpoint
UPDATE "performances" SET "organisation_id" = "organisations"."id" FROM "organisations" WHERE "organisations"."created_by" = "performances"."owner";--> statement-breakpoint
ALTER TABLE "halls" ALTER COLUMN "organisation_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "performances" ALTER COLUMN "organisation_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_members_id_fk" FOREIGN KEY ("invited_by") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organisation_members" ADD CONSTRAINT "organisation_members_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organisation_members" ADD CONSTRAINT "organisation_members_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organisations" ADD CONSTRAINT "organisations_created_by_members_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organisations" ADD CONSTRAINT "organisations_decided_by_members_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "invitations_organisation" ON "invitations" USING btree ("organisation_id","created_at");--> statement-breakpoint
CREATE INDEX "invitations_expiry" ON "invitations" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "organisation_members_member" ON "organisation_members" USING btree ("member_id");--> statement-breakpoint
CREATE INDEX "organisations_status" ON "organisations" USING btree ("status","created_at","id");--> statement-breakpoint
ALTER TABLE "halls" ADD CONSTRAINT "halls_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "performances" ADD CONSTRAINT "performances_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "halls_organisation" ON "halls" USING btree ("organisation_id","created_at","id");--> statement-breakpoint
CREATE INDEX "performances_organisation" ON "performances" USING btree ("organisation_id","created_at","id");