/** Lines of the Worker's log that belong to a purchase: by ids of requests, commands and the order. Pure: text in, lines out. */
import { z } from "zod";

const line = z.looseObject({
  at: z.string(),
  message: z.string(),
  requestId: z.string().optional(),
  commandIds: z.array(z.string()).optional(),
  orderId: z.string().optional(),
});
export type LogLine = z.infer<typeof line>;

export function requestOf(commandId: string): string {
  return commandId.slice(0, commandId.lastIndexOf("."));
}

/** One JSON document a line, whatever stands before it; everything else is passed over. */
export function readLog(text: string): readonly LogLine[] {
  return text.split("\n").flatMap((raw) => {
    const from = raw.indexOf('{"');
    if (from < 0) return [];
    try {
      const parsed = line.safeParse(JSON.parse(raw.slice(from)));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

/** Those that name one of the commands, a request of theirs, or the order. */
export function linesAbout(
  lines: readonly LogLine[],
  { orderId, commandIds }: { readonly orderId: string; readonly commandIds: ReadonlySet<string> },
): readonly LogLine[] {
  const requests = new Set(Array.from(commandIds, requestOf));
  return lines.filter(
    (one) =>
      one.orderId === orderId ||
      (one.requestId !== undefined && requests.has(one.requestId)) ||
      one.commandIds?.some((id) => commandIds.has(id)) === true,
  );
}

/** As `npm run trace` shows it: of many commands only those that are meant. */
export function lineText(one: LogLine, commandIds: ReadonlySet<string>): string {
  const { at, message, level: _, commandIds: all, outcomes, ...rest } = one;
  const names = Array.isArray(outcomes) ? outcomes.map(String) : [];
  const mine = (all ?? []).flatMap((id, index) => (commandIds.has(id) ? [`${id} ${names[index] ?? ""}`.trim()] : []));
  const more = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return `  ${at.padEnd(11)}  ${message}${mine.length === 0 ? "" : `: ${mine.join(", ")}`}  ${more.join(" ")}`.trimEnd();
}
