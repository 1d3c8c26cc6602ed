CREATE TABLE "reconciler_drifts" (
	"key" text PRIMARY KEY NOT NULL,
	"performance_id" uuid NOT NULL,
	"side" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"detail" text NOT NULL,
	"repairs" integer DEFAULT 0 NOT NULL,
	"repaired_at" timestamp (3) with time zone,
	"found_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reconciler_passes" (
	"performance_id" uuid NOT NULL,
	"side" text NOT NULL,
	"cursor" text DEFAULT '' NOT NULL,
	"advanced_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reconciler_passes_performance_id_side_pk" PRIMARY KEY("performance_id","side")
);
