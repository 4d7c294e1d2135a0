CREATE TABLE "audio_assets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"job_id" uuid NOT NULL,
	"storage_key" text NOT NULL,
	"format" text NOT NULL,
	"sample_rate" integer NOT NULL,
	"sample_count" bigint NOT NULL,
	"duration_seconds" double precision NOT NULL,
	"bytes" bigint NOT NULL,
	"sha256" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "audio_assets_bytes" CHECK ("audio_assets"."bytes" > 0),
	CONSTRAINT "audio_assets_sha256" CHECK ("audio_assets"."sha256" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"action" text NOT NULL,
	"actor" text NOT NULL,
	"ip" text,
	"user_agent" text,
	"request_id" text NOT NULL,
	"target_type" text,
	"target_id" text,
	"outcome" text NOT NULL,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"stage" text NOT NULL,
	"progress" real DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"max_attempts" integer NOT NULL,
	"voice_id" text,
	"characters" integer DEFAULT 0 NOT NULL,
	"units_done" integer DEFAULT 0 NOT NULL,
	"units_total" integer,
	"input" jsonb NOT NULL,
	"error_code" text,
	"error_message" text,
	"idempotency_key" text,
	"idempotency_hash" text,
	"request_id" text NOT NULL,
	"delivery_id" uuid,
	"lease_token" uuid,
	"lease_until" timestamp with time zone,
	"node_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"queued_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "jobs_status" CHECK ("jobs"."status" in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
	CONSTRAINT "jobs_stage" CHECK ("jobs"."stage" in ('WAITING', 'PREPARING', 'SPEAKING', 'ENCODING', 'DONE')),
	CONSTRAINT "jobs_progress" CHECK ("jobs"."progress" between 0 and 1),
	CONSTRAINT "jobs_lease" CHECK (("jobs"."status" = 'RUNNING') = ("jobs"."lease_token" is not null)),
	CONSTRAINT "jobs_finished" CHECK (("jobs"."status" in ('SUCCEEDED', 'FAILED', 'CANCELLED')) = ("jobs"."finished_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "voices" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"language" text NOT NULL,
	"gender" text NOT NULL,
	"tags" text[] DEFAULT '{}'::text[] NOT NULL,
	"engine" text NOT NULL,
	"grade" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "voices_kind" CHECK ("voices"."kind" in ('STOCK', 'CLONED', 'MIXED')),
	CONSTRAINT "voices_status" CHECK ("voices"."status" in ('READY', 'ENROLLING', 'FAILED')),
	CONSTRAINT "voices_gender" CHECK ("voices"."gender" in ('FEMALE', 'MALE', 'UNKNOWN'))
);
--> statement-breakpoint
CREATE TABLE "worker_nodes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"hostname" text NOT NULL,
	"pid" integer NOT NULL,
	"version" text NOT NULL,
	"running_jobs" integer DEFAULT 0 NOT NULL,
	"concurrency" integer NOT NULL,
	"pool" jsonb NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"heartbeat_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audio_assets" ADD CONSTRAINT "audio_assets_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_voice_id_voices_id_fk" FOREIGN KEY ("voice_id") REFERENCES "public"."voices"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "audio_assets_job" ON "audio_assets" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "audio_assets_expiry" ON "audio_assets" USING btree ("expires_at") WHERE "audio_assets"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "audit_log_at" ON "audit_log" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "audit_log_target" ON "audit_log" USING btree ("target_type","target_id");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_idempotency_key" ON "jobs" USING btree ("idempotency_key");--> statement-breakpoint
CREATE INDEX "jobs_status_id" ON "jobs" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "jobs_voice_id" ON "jobs" USING btree ("voice_id","id");--> statement-breakpoint
CREATE INDEX "jobs_created_at" ON "jobs" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "jobs_lease_until" ON "jobs" USING btree ("lease_until") WHERE "jobs"."status" = 'RUNNING';--> statement-breakpoint
CREATE INDEX "voices_language_name" ON "voices" USING btree ("language","name","id");--> statement-breakpoint
CREATE INDEX "voices_name" ON "voices" USING btree ("name","id");