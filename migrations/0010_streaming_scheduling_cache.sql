CREATE TABLE "cached_utterances" (
	"key" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"voice_ids" text[] NOT NULL,
	"bytes" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "cached_utterances_bytes" CHECK ("cached_utterances"."bytes" > 0)
);
--> statement-breakpoint
CREATE TABLE "job_utterances" (
	"job_id" uuid NOT NULL,
	"index" integer NOT NULL,
	"text_start" integer NOT NULL,
	"text_end" integer NOT NULL,
	"phonemes" text NOT NULL,
	"piece_key" text NOT NULL,
	"pause_after_seconds" double precision NOT NULL,
	"offset_seconds" double precision NOT NULL,
	"start_seconds" double precision NOT NULL,
	"duration_seconds" double precision NOT NULL,
	"token_seconds" jsonb,
	"words" jsonb NOT NULL,
	CONSTRAINT "job_utterances_job_id_index_pk" PRIMARY KEY("job_id","index"),
	CONSTRAINT "job_utterances_text" CHECK ("job_utterances"."text_end" >= "job_utterances"."text_start")
);
--> statement-breakpoint
ALTER TABLE "audio_assets" ADD COLUMN "cache_key" text;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "priority" text DEFAULT 'INTERACTIVE' NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "rank" double precision DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "cancel_on_disconnect" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "cached" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "job_utterances" ADD CONSTRAINT "job_utterances_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cached_utterances_used_at" ON "cached_utterances" USING btree ("used_at");--> statement-breakpoint
CREATE INDEX "cached_utterances_voices" ON "cached_utterances" USING gin ("voice_ids");--> statement-breakpoint
CREATE INDEX "audio_assets_cache_key" ON "audio_assets" USING btree ("cache_key") WHERE "audio_assets"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "audio_assets_storage_key" ON "audio_assets" USING btree ("storage_key");--> statement-breakpoint
CREATE INDEX "jobs_waiting" ON "jobs" USING btree ("priority","rank") WHERE "jobs"."status" = 'QUEUED';--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_priority" CHECK ("jobs"."priority" in ('INTERACTIVE', 'BATCH'));