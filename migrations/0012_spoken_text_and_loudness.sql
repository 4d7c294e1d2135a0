ALTER TABLE "audio_assets" ADD COLUMN "loudness_lufs" double precision;--> statement-breakpoint
ALTER TABLE "audio_assets" ADD COLUMN "true_peak_dbtp" double precision;--> statement-breakpoint
ALTER TABLE "job_utterances" ADD COLUMN "voice" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "job_utterances" ADD COLUMN "language" text;--> statement-breakpoint
ALTER TABLE "job_utterances" ADD COLUMN "normalized" jsonb;--> statement-breakpoint
ALTER TABLE "job_utterances" ADD COLUMN "marks" jsonb;--> statement-breakpoint
ALTER TABLE "job_utterances" ADD COLUMN "coverage" jsonb;