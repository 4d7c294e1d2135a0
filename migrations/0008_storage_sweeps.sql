CREATE TABLE "storage_sweeps" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone NOT NULL,
	"objects" integer NOT NULL,
	"bytes" bigint NOT NULL,
	"orphans" integer NOT NULL,
	"orphan_bytes" bigint NOT NULL,
	"unfinished" integer NOT NULL,
	"missing" integer NOT NULL,
	"missing_examples" jsonb NOT NULL,
	CONSTRAINT "storage_sweeps_one" CHECK ("storage_sweeps"."id" = 1)
);
