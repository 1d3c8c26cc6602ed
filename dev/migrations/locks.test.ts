import { describe, expect, it } from "vitest";
import { migrationsFolder, readMigrations } from "./files.ts";
import { concurrentIndex, troubles } from "./locks.ts";

/** Those before were applied to nothing that was on sale. */
const ON_SALE_SINCE = "0015";

const found = (...statements: readonly string[]): string => troubles(statements).join("; ");

describe("the migrations", () => {
  const migrations = readMigrations(migrationsFolder);

  it.each(migrations.filter(({ name }) => name >= ON_SALE_SINCE).map((one) => [one.name, one] as const))(
    "%s runs beside a live sale",
    (_, { statements }) => {
      expect(troubles(statements)).toEqual([]);
    },
  );

  it("of before the first sale would not all have", () => {
    const old = new Map(migrations.map(({ name, statements }) => [name.slice(0, 4), troubles(statements)]));
    expect(old.get("0009")).toEqual([]);
    expect(old.get("0004")?.join()).toMatch(/computes a default for every row.*makes an index of tickets/);
    expect(old.get("0008")?.join()).toMatch(/takes something away.*checks every row while nobody can read/);
    expect(old.get("0014")?.join()).toMatch(/writes every row anew.*makes an index of orders/);
  });
});

describe("a migration beside a live sale", () => {
  it("may add tables with all that is theirs, columns, functions, and indexes that stop nobody", () => {
    expect(
      found(
        'CREATE TABLE "a" ("id" uuid PRIMARY KEY NOT NULL, "b" uuid NOT NULL);\n',
        'ALTER TABLE "a" ADD CONSTRAINT "a_b_fk" FOREIGN KEY ("b") REFERENCES "public"."b"("id");',
        'CREATE INDEX "a_b" ON "a" USING btree ("b");',
        'ALTER TABLE "orders" ADD COLUMN "note" text;',
        'ALTER TABLE "orders" ADD COLUMN "kind" varchar(10) DEFAULT \'a(b)\' NOT NULL;',
        'ALTER TABLE "orders" ADD COLUMN "at" timestamp (3) with time zone DEFAULT now() NOT NULL;',
        'ALTER TABLE "orders" ADD CONSTRAINT "positive" CHECK (total >= 0) NOT VALID;',
        'ALTER TABLE "orders" VALIDATE CONSTRAINT "positive";',
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ select 1 $$;",
      ),
    ).toBe("");
    expect(found('CREATE INDEX CONCURRENTLY "x" ON "orders" USING btree ("note");')).toBe("");
  });

  it.each([
    ['CREATE UNIQUE INDEX "x" ON "orders" ("note");', "makes an index of orders"],
    ['ALTER TABLE "orders" ADD CONSTRAINT "c" CHECK (true);', "NOT VALID"],
    ['ALTER TABLE "orders" ADD COLUMN "c" text NOT NULL;', "does not fill"],
    ['ALTER TABLE "orders" ADD COLUMN "c" uuid DEFAULT gen_random_uuid() NOT NULL;', "computes a default"],
    ['ALTER TABLE "public"."orders" ALTER COLUMN "c" SET NOT NULL;', "checks every row"],
    ['ALTER TABLE "orders" ALTER COLUMN "c" SET DATA TYPE bigint;', "writes every row anew"],
    ['ALTER TABLE "orders" RENAME COLUMN "c" TO "d";', "takes something away"],
    ['alter table only orders\n  drop column "c";', "takes something away"],
    ['DROP TABLE "orders";', "takes something away"],
    ['-- contract: nobody reads it\nDROP INDEX "x";', "concurrently"],
    ["-- about orders\nTRUNCATE orders;", "takes something away"],
  ])("may not: %s", (statement, why) => {
    expect(found(statement)).toContain(why);
  });

  it("takes away only what somebody says no Worker needs any more", () => {
    expect(found('-- contract: the release of March reads kind instead\nALTER TABLE "orders" DROP COLUMN "c";')).toBe(
      "",
    );
    expect(found('-- contract: no query uses it\nDROP INDEX CONCURRENTLY "x";')).toBe("");
  });

  it("mixes nothing with what runs outside of a transaction", () => {
    expect(found('CREATE INDEX CONCURRENTLY "x" ON "a" ("b");', 'ALTER TABLE "a" ADD COLUMN "c" text;')).toContain(
      "a migration of its own",
    );
  });
});

it("an index is known by its name, however it is written", () => {
  expect(concurrentIndex('-- why\nCREATE UNIQUE INDEX CONCURRENTLY "x" ON "a" ("b");')).toEqual({
    index: "x",
    makes: true,
  });
  expect(concurrentIndex("create index concurrently if not exists x on public.a (b)")).toEqual({
    index: "x",
    makes: true,
  });
  expect(concurrentIndex('DROP INDEX CONCURRENTLY IF EXISTS "public"."x";')).toEqual({ index: "x", makes: false });
  expect(concurrentIndex('CREATE INDEX "concurrently" ON "a" ("b");')).toBeNull();
});
