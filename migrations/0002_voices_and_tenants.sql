CREATE TABLE "voice_samples" (
	"id" uuid PRIMARY KEY NOT NULL,
	"voice_id" text NOT NULL,
	"storage_key" text NOT NULL,
	"container" text NOT NULL,
	"codec" text NOT NULL,
	"duration_seconds" double precision NOT NULL,
	"sample_rate" integer NOT NULL,
	"channels" integer NOT NULL,
	"bytes" bigint NOT NULL,
	"sha256" text NOT NULL,
	"quality" jsonb,
	"embedding" real[],
	"consent_kind" text NOT NULL,
	"consent_note" text DEFAULT '' NOT NULL,
	"consent_at" timestamp with time zone DEFAULT now() NOT NULL,
	"consent_ip" text,
	"consent_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "voice_samples_consent" CHECK ("voice_samples"."consent_kind" in ('OWN_VOICE', 'PERMISSION', 'LICENSED')),
	CONSTRAINT "voice_samples_sha256" CHECK ("voice_samples"."sha256" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
ALTER TABLE "jobs" DROP CONSTRAINT "jobs_stage";--> statement-breakpoint
DROP INDEX "jobs_idempotency_key";--> statement-breakpoint
ALTER TABLE "audit_log" ADD COLUMN "tenant" text DEFAULT 'default' NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "tenant" text DEFAULT 'default' NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "key_id" uuid;--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "tenant" text;--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "pack_key" text;--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "pack_sha256" text;--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "recipe" jsonb;--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "similarity" real;--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "similarity_normalised" real;--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "similarity_method" text;--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "failure_code" text;--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "failure_message" text;--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "used_jobs" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "used_characters" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "used_audio_seconds" double precision DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "last_used_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "voice_samples" ADD CONSTRAINT "voice_samples_voice_id_voices_id_fk" FOREIGN KEY ("voice_id") REFERENCES "public"."voices"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "voice_samples_voice" ON "voice_samples" USING btree ("voice_id");--> statement-breakpoint
CREATE INDEX "jobs_tenant_id" ON "jobs" USING btree ("tenant","id");--> statement-breakpoint
CREATE INDEX "voices_tenant_name" ON "voices" USING btree ("tenant","name","id");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_idempotency_key" ON "jobs" USING btree ("tenant","idempotency_key");--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_stage" CHECK ("jobs"."stage" in ('WAITING', 'PREPARING', 'SPEAKING', 'ENCODING', 'MEASURING', 'MIXING', 'REFINING', 'DONE'));--> statement-breakpoint
ALTER TABLE "voices" ADD CONSTRAINT "voices_pack" CHECK (("voices"."pack_key" is null) = ("voices"."pack_sha256" is null));--> statement-breakpoint
ALTER TABLE "voices" ADD CONSTRAINT "voices_stock" CHECK (("voices"."kind" = 'STOCK') = ("voices"."tenant" is null));