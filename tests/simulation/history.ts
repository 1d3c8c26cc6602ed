/** The last things that happened in a world, kept as they were and told only when something broke. */
import type { Command, Reply } from "../../durable-objects/performance/contract.ts";

const KEPT = 30;

interface Entry {
  readonly now: number;
  readonly what: Command | string;
  readonly fault: string | null;
  reply: Reply | null;
}

export class History {
  readonly #start: number;
  #entries: Entry[] = [];

  constructor(start: number) {
    this.#start = start;
  }

  note(now: number, what: Command | string, fault: string | null = null): void {
    this.#entries.push({ now, what, fault, reply: null });
    if (this.#entries.length >= KEPT * 2) this.#entries = this.#entries.slice(-KEPT);
  }

  /** What the latest entry was answered. */
  answered(reply: Reply): void {
    const last = this.#entries.at(-1);
    if (last !== undefined) last.reply = reply;
  }

  lines(): readonly string[] {
    return this.#entries.slice(-KEPT).map(({ now, what, fault, reply }) => {
      const at = `${((now - this.#start) / 1_000).toFixed(3).padStart(10)}s`;
      const answer = reply === null ? "" : ` → ${reply.ok ? "done" : reply.refusal.code}`;
      return `${at} ${typeof what === "string" ? what : told(what)}${fault === null ? "" : ` (${fault})`}${answer}`;
    });
  }
}

/** A command in a line: who and what, without its key. */
function told(command: Command): string {
  const { kind, key: _, entries, scheduleId: __, ...rest } = { key: null, entries: null, scheduleId: null, ...command };
  const who = entries === null ? "" : ` ${Buffer.from(entries).toString("hex").slice(0, 8)}`;
  return `${kind}${who} ${JSON.stringify(rest)}`.slice(0, 160);
}
