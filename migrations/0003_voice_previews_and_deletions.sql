CREATE TABLE "deleted_voices" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"mixes" text[] DEFAULT '{}'::text[] NOT NULL,
	"storage_keys" text[] NOT NULL,
	"deleted_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "voice_previews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"voice_id" text NOT NULL,
	"language" text NOT NULL,
	"pack_sha256" text NOT NULL,
	"storage_key" text NOT NULL,
	"duration_seconds" double precision NOT NULL,
	"bytes" bigint NOT NULL,
	"sha256" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "voice_previews_sha256" CHECK ("voice_previews"."sha256" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "origins" text[] DEFAULT '{}'::text[] NOT NULL;--> statement-breakpoint
ALTER TABLE "voices" ADD COLUMN "imported" jsonb;--> statement-breakpoint
ALTER TABLE "voice_previews" ADD CONSTRAINT "voice_previews_voice_id_voices_id_fk" FOREIGN KEY ("voice_id") REFERENCES "public"."voices"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deleted_voices_unfinished" ON "deleted_voices" USING btree ("deleted_at") WHERE "deleted_voices"."storage_keys" <> '{}'::text[];--> statement-breakpoint
CREATE UNIQUE INDEX "voice_previews_voice_language" ON "voice_previews" USING btree ("voice_id","language");--> statement-breakpoint
CREATE INDEX "voices_origins" ON "voices" USING gin ("origins");