/**
 * npm run docs:events: writes docs/events.md from the schemas that parse events as they arrive. A test says when the file
 * is no longer what this would write.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { envelopeSchema } from "../workers/records/events-input.ts";
import { projectRoot } from "./children.ts";

export const eventsFile = path.join(projectRoot, "docs/events.md");

interface Node {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
}

/** What docs/events.md has to be. */
export function eventsDocument(): string {
  const envelope = z.toJSONSchema(envelopeSchema, { io: "input", unrepresentable: "any" }) as Node;
  const { event, ...head } = envelope.properties ?? {};
  const kinds = event?.oneOf ?? event?.anyOf ?? [];
  const sections = kinds.map((kind) => {
    const name = String(kind.properties?.["type"]?.const);
    return `## \`${name}\`\n\n${tableOf(rowsOf(kind, ""))}`;
  });
  return `# Events

Written by \`npm run docs:events\` from [events-input.ts](../workers/records/events-input.ts); do not edit it. A performance's object reports
what happened as numbered events, through its outbox and the event queue; [the consumer](../workers/records/consume.ts) applies each exactly once.
Every event carries the whole state and version of what it reports, so that the order of arrival does not matter. Times are milliseconds since
1970 UTC, amounts integers in minor units. A field that may be missing was not written by older versions.

## Envelope

${tableOf(rowsOf({ properties: head, required: envelope.required ?? [] }, ""))}

The rest is \`event\`, whose \`type\` says which of these it is:

${sections.join("\n\n")}
`;
}

function rowsOf(node: Node, before: string): readonly (readonly [field: string, type: string])[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const full = `${before}${name}`;
    const missing = node.required?.includes(name) === true ? "" : ", may be missing";
    const inner = innerOf(field);
    return [
      [full, `${typeOf(field)}${missing}`] as const,
      ...(inner === null ? [] : rowsOf(inner.node, `${full}${inner.mark}.`)),
    ];
  });
}

function innerOf(field: Node): { readonly node: Node; readonly mark: string } | null {
  if (field.properties !== undefined) return { node: field, mark: "" };
  if (field.items?.properties !== undefined) return { node: field.items, mark: "[]" };
  const object = (field.anyOf ?? field.oneOf)?.find(
    ({ properties, items }) => properties !== undefined || items !== undefined,
  );
  return object === undefined ? null : innerOf(object);
}

function typeOf(field: Node): string {
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.enum !== undefined) return field.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  const choices = field.anyOf ?? field.oneOf;
  if (choices !== undefined) return choices.map(typeOf).join(" or ");
  if (field.type === "array")
    return field.items?.properties === undefined ? `list of ${typeOf(field.items ?? {})}` : "list";
  if (field.type === "integer")
    return field.exclusiveMinimum === 0 ? "integer from 1" : field.minimum === 0 ? "integer from 0" : "integer";
  if (field.type === "string") return field.pattern?.startsWith("^[0-9a-f]{8}-") === true ? "UUID" : "text";
  return field.type ?? "anything";
}

function tableOf(rows: readonly (readonly [string, string])[]): string {
  return ["| field | what |", "| --- | --- |", ...rows.map(([field, type]) => `| \`${field}\` | ${type} |`)].join("\n");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(eventsFile, eventsDocument());
  console.log(`${path.relative(process.cwd(), eventsFile)} is written.`);
}
