CREATE TABLE "audit_chain" (
	"position" bigint PRIMARY KEY NOT NULL,
	"audit_id" bigint NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "audit_chain_entry" ON "audit_chain" USING btree ("audit_id");--> statement-breakpoint
-- The audit log becomes append-only and chained. The seal is made at commit (a deferred trigger), one transaction after
-- the other (an advisory lock, the last one a transaction takes, so that it can be part of no deadlock).
CREATE FUNCTION audit_line(entry audit_log) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_array(entry.id, entry.performance_id, entry.actor, entry.action, entry.detail,
    floor(extract(epoch FROM entry.at) * 1000)::bigint)::text
$$;
--> statement-breakpoint
CREATE FUNCTION audit_seal_entry(entry audit_log) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  last audit_chain%ROWTYPE;
BEGIN
  PERFORM pg_advisory_xact_lock(5070611);
  SELECT * INTO last FROM audit_chain ORDER BY position DESC LIMIT 1;
  INSERT INTO audit_chain (position, audit_id, hash) VALUES (
    coalesce(last.position, 0) + 1,
    entry.id,
    encode(sha256(convert_to(coalesce(last.hash, repeat('0', 64)) || E'\n' || audit_line(entry), 'UTF8')), 'hex'));
END
$$;
--> statement-breakpoint
CREATE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM audit_seal_entry(NEW);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
SELECT audit_seal_entry(entry) FROM (SELECT * FROM audit_log ORDER BY id) AS entry;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER audit_log_sealed AFTER INSERT ON audit_log DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION audit_seal();
--> statement-breakpoint
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_refuse();
--> statement-breakpoint
CREATE TRIGGER audit_log_not_emptied BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
--> statement-breakpoint
CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE ON audit_chain FOR EACH ROW EXECUTE FUNCTION audit_refuse();
--> statement-breakpoint
CREATE TRIGGER audit_chain_not_emptied BEFORE TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
--> statement-breakpoint
-- A role given or taken, by whatever hand, is in the log.
CREATE FUNCTION audit_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_log (actor, action, detail)
  VALUES ('database', 'member.role-changed', jsonb_build_object('memberId', NEW.id, 'from', OLD.role, 'to', NEW.role));
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER members_role_audited AFTER UPDATE OF role ON members FOR EACH ROW
  WHEN (OLD.role IS DISTINCT FROM NEW.role) EXECUTE FUNCTION audit_role();
