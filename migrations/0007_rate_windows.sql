CREATE UNLOGGED TABLE "rate_windows" (
	"id" text PRIMARY KEY NOT NULL,
	"used" integer NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	CONSTRAINT "rate_windows_used" CHECK ("rate_windows"."used" > 0)
);
--> statement-breakpoint
CREATE INDEX "rate_windows_ends_at" ON "rate_windows" USING btree ("ends_at");