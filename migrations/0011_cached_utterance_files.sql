ALTER TABLE "cached_utterances" ADD COLUMN "storage_key" text NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "cached_utterances_storage_key" ON "cached_utterances" USING btree ("storage_key");