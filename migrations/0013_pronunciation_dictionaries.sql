CREATE TABLE "dictionaries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "dictionaries_version" CHECK ("dictionaries"."version" > 0)
);
--> statement-breakpoint
CREATE TABLE "dictionary_versions" (
	"dictionary_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"digest" text NOT NULL,
	"entry_count" integer NOT NULL,
	"languages" text[] NOT NULL,
	"packed" "bytea" NOT NULL,
	"bytes" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"superseded_at" timestamp with time zone,
	CONSTRAINT "dictionary_versions_dictionary_id_version_pk" PRIMARY KEY("dictionary_id","version"),
	CONSTRAINT "dictionary_versions_digest" CHECK ("dictionary_versions"."digest" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
ALTER TABLE "dictionary_versions" ADD CONSTRAINT "dictionary_versions_dictionary_id_dictionaries_id_fk" FOREIGN KEY ("dictionary_id") REFERENCES "public"."dictionaries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "dictionaries_tenant_name" ON "dictionaries" USING btree ("tenant","name","id");--> statement-breakpoint
CREATE UNIQUE INDEX "dictionary_versions_present" ON "dictionary_versions" USING btree ("dictionary_id") WHERE "dictionary_versions"."superseded_at" is null;--> statement-breakpoint
CREATE INDEX "dictionary_versions_superseded" ON "dictionary_versions" USING btree ("superseded_at") WHERE "dictionary_versions"."superseded_at" is not null;