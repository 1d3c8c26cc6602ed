-- The same as orderNumber in durable-objects/performance/order-number.ts: 55 bits of the id's SHA-256 and a check character.
CREATE FUNCTION order_number(order_id text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  WITH hashed AS (
    SELECT ('x' || encode(substr(sha256(convert_to(order_id, 'UTF8')), 1, 7), 'hex'))::bit(56)::bigint >> 1 AS value
  ), digits AS (
    SELECT place, ((value >> (50 - 5 * place)) & 31)::int AS digit FROM hashed, generate_series(0, 10) AS place
  ), checked AS (
    SELECT place, digit FROM digits
    UNION ALL SELECT 11, (sum((place + 1) * digit) % 31)::int FROM digits
  ), written AS (
    SELECT string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', digit + 1, 1), '' ORDER BY place) AS text FROM checked
  )
  SELECT substr(text, 1, 4) || '-' || substr(text, 5, 4) || '-' || substr(text, 9, 4) FROM written
$$;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "number" text GENERATED ALWAYS AS (order_number(id)) STORED;--> statement-breakpoint
CREATE INDEX "orders_number" ON "orders" USING btree ("number");