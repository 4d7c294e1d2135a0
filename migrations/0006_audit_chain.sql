INSERT INTO "audit_chain" ("id") VALUES (1);
--> statement-breakpoint
CREATE FUNCTION "guard_audit_log"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.sequence IS NULL AND NEW.hash IS NULL THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'an entry of % gets its place in the chain when it is sealed', TG_TABLE_NAME
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL AND NEW.sequence IS NOT NULL
    AND to_jsonb(NEW) - ARRAY['sequence', 'hash'] = to_jsonb(OLD) - ARRAY['sequence', 'hash'] THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND current_setting('speaker.audit_prune', true) = 'on'
    AND OLD.sequence <= (SELECT pruned_sequence FROM "audit_chain") THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
DROP TRIGGER "audit_log_append_only" ON "audit_log";
--> statement-breakpoint
CREATE TRIGGER "audit_log_append_only" BEFORE INSERT OR UPDATE OR DELETE ON "audit_log" FOR EACH ROW EXECUTE FUNCTION "guard_audit_log"();
--> statement-breakpoint
CREATE FUNCTION "guard_audit_chain"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.sequence >= OLD.sequence AND NEW.pruned_sequence >= OLD.pruned_sequence
    AND NEW.pruned_sequence <= NEW.sequence THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the ends of the audit chain only move forward' USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER "audit_chain_forward" BEFORE UPDATE OR DELETE ON "audit_chain" FOR EACH ROW EXECUTE FUNCTION "guard_audit_chain"();
--> statement-breakpoint
CREATE TRIGGER "audit_chain_no_truncate" BEFORE TRUNCATE ON "audit_chain" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
