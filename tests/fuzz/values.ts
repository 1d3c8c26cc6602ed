/** Values from a JSON schema, and values that no schema asks for. Everything follows from the random source. */
export type Random = () => number;

/** mulberry32: small, seeded, good enough to choose by. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<T>(random: Random, list: readonly T[]): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
}

const awkward: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  0.1,
  Number.MAX_SAFE_INTEGER,
  "",
  " ",
  "\u0000",
  "\ud800",
  "’ or 1=1 --",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "<script>alert(1)</script>",
  "ａｄｍｉｎ@example.com",
  "x".repeat(5_000),
  [],
  {},
  [[[[[[]]]]]],
  { __proto__: null, constructor: { prototype: {} } },
  { toString: "x", length: -1 },
];

export function awkwardValue(random: Random): unknown {
  return pick(random, awkward);
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly items?: unknown;
  readonly anyOf?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
  readonly format?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly $ref?: string;
}

/** Something that the schema asks for, as far as a schema can say; patterns are met by luck only. */
export function fromSchema(random: Random, schema: unknown, components: unknown, depth = 0): unknown {
  if (!isSchema(schema) || depth > 6) return awkwardValue(random);
  if (random() < 0.08) return awkwardValue(random);
  if (schema.$ref !== undefined) return fromSchema(random, resolve(schema.$ref, components), components, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return pick(random, schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fromSchema(random, pick(random, choices), components, depth + 1);
  const type =
    typeof schema.type === "string" ? schema.type : schema.type === undefined ? "" : pick(random, schema.type);
  switch (type) {
    case "object": {
      const entries = Object.entries(schema.properties ?? {});
      const kept = entries.filter(() => random() < 0.92);
      const made = kept.map(([name, one]) => [name, fromSchema(random, one, components, depth + 1)]);
      if (random() < 0.05) made.push(["unknown", awkwardValue(random)]);
      return Object.fromEntries(made);
    }
    case "array":
      return Array.from({ length: Math.floor(random() * 4) }, () =>
        fromSchema(random, schema.items, components, depth + 1),
      );
    case "integer":
    case "number":
      return (schema.minimum ?? 0) + Math.floor(random() * 100);
    case "boolean":
      return random() < 0.5;
    case "string":
      return text(random, schema);
    default:
      return awkwardValue(random);
  }
}

function text(random: Random, { format, minLength = 0 }: Schema): string {
  if (format === "uuid") return uuid(random);
  if (format === "date-time") return new Date(1.8e12 + Math.floor(random() * 1e10)).toISOString();
  if (format === "email") return `f${Math.floor(random() * 1e6)}@example.com`;
  const words = ["하늘", "햄릿", "S", "toss", "CARD", "Asia/Seoul", "KRW", "correct horse", "f1@example.com", "r1s1"];
  return pick(random, words).padEnd(minLength, "가");
}

export function uuid(random: Random): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null;
}

function resolve(reference: string, components: unknown): unknown {
  return reference
    .replace(/^#\/components\//, "")
    .split("/")
    .reduce((at: unknown, step) => (at instanceof Object ? Reflect.get(at, step) : undefined), components);
}
