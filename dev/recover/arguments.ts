/** What is said behind a command of `npm run recover`. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Failure } from "../failure.ts";

export type Options = Readonly<
  Record<string, { readonly type: "string" } | { readonly type: "boolean"; readonly default: boolean }>
>;

export interface Said {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

/** @throws Failure for a word that is none of the options. */
export function parsed(args: readonly string[], options: Options): Said {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return { values, positionals };
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error));
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The performance's id, which is the first word. */
export function performanceIn([id]: readonly string[]): string {
  if (id === undefined || !uuid.test(id)) throw new Failure("Say which performance: its id.");
  return id;
}

/** @throws Failure when it was not said. */
export function text({ values }: Said, name: string): string {
  const value = values[name];
  if (typeof value !== "string" || value === "") throw new Failure(`Say --${name}.`);
  return value;
}

export function moment(said: string, name = "at"): string {
  const at = Date.parse(said);
  if (Number.isNaN(at)) throw new Failure(`--${name} is a time such as 2026-12-24T10:00:00Z.`);
  return new Date(at).toISOString();
}

/** A file of JSON; the service says what is wrong with it. */
export function jsonIn(file: string, what: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch {
    throw new Failure(what);
  }
}
