CREATE TABLE "edge_counts" (
	"name" text PRIMARY KEY NOT NULL,
	"count" bigint NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
