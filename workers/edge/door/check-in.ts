/**
 * Checking in: scans in, results out. A scan has an id of its device's making, so repeating it changes nothing and answers
 * the same. Two doors that see one ticket at the same moment are told apart by a unique index: who was second is judged
 * again, with the first one's row.
 */
import type { Environment } from "../../environment.ts";
import { withRecords } from "../../records/database.ts";
import { readForScans, recordScans, type Place, type ScanRow } from "../../records/door.ts";
import { judge, type DoorResult, type FirstUse, type KnownTicket, type Scan } from "../../records/door-judge.ts";
import { verifySeatTicket } from "./ticket-token.ts";

export interface ShownScan {
  readonly id: string;
  readonly shown: { readonly token: string } | { readonly code: string };
  readonly at: Date;
  /** What a door without a connection decided by its list; null for one that asks. */
  readonly letIn: boolean | null;
}

export interface ScanAnswer {
  readonly id: string;
  /** `scan-reused`: this id was used for another ticket; nothing was written. */
  readonly result: DoorResult | "scan-reused";
  readonly letIn: boolean;
  readonly ticket: KnownTicket | null;
  readonly firstUse: FirstUse | null;
}

interface Presented extends ShownScan {
  readonly ticketId: string | null;
  readonly version: number | null;
  readonly code: string | null;
}

/** Each round that leaves something over lost a race to somebody whose row the next round reads. */
const ROUNDS = 4;

export async function checkIn(
  env: Environment,
  place: Place,
  door: { readonly operator: string; readonly device: string },
  scans: readonly ShownScan[],
): Promise<readonly ScanAnswer[]> {
  const answers = new Map<string, ScanAnswer>();
  let left = await Promise.all(scans.map((scan) => present(env, scan)));
  for (let round = 0; round < ROUNDS && left.length > 0; round += 1) {
    const wanted = {
      scanIds: left.map(({ id }) => id),
      ticketIds: left.flatMap(({ ticketId }) => ticketId ?? []),
      codes: left.flatMap(({ code }) => code ?? []),
    };
    left = await withRecords(env, async (db) => {
      const known = await readForScans(db, place, wanted);
      const fresh: { readonly scan: Scan; readonly answer: ScanAnswer }[] = [];
      const taken = new Map(known.uses.map((use) => [use.ticketId, use]));
      for (const one of left) {
        const ticket = ticketOf(one, known.tickets);
        const recorded = known.recorded.find(({ id }) => id === one.id);
        if (recorded !== undefined) {
          answers.set(one.id, repeated(recorded, one, ticket, taken));
          continue;
        }
        const firstUse = ticket === null ? null : (taken.get(ticket.id) ?? null);
        const result = judge({ ticket, version: one.version, firstUse }, place);
        const scan = scanOf(one, ticket, result, door.device);
        // Later scans of the same request meet this one as an earlier use.
        if (result === "admitted" && ticket !== null)
          taken.set(ticket.id, { ticketId: ticket.id, at: one.at, device: door.device });
        fresh.push({ scan, answer: { id: one.id, result, letIn: scan.letIn, ticket, firstUse } });
      }
      const written = await recordScans(
        db,
        place,
        door.operator,
        fresh.map(({ scan }) => scan),
      );
      for (const { scan, answer } of fresh) if (written.has(scan.id)) answers.set(scan.id, answer);
      return left.filter(({ id }) => !answers.has(id));
    });
  }
  if (left.length > 0) throw new Error("scans were overtaken in every round");
  return scans.flatMap(({ id }) => answers.get(id) ?? []);
}

async function present(env: Environment, scan: ShownScan): Promise<Presented> {
  if ("code" in scan.shown) return { ...scan, ticketId: null, version: null, code: scan.shown.code };
  const ticket = await verifySeatTicket(env, scan.shown.token);
  return { ...scan, ticketId: ticket?.ticketId ?? null, version: ticket?.version ?? null, code: null };
}

function ticketOf({ ticketId, code }: Presented, tickets: readonly KnownTicket[]): KnownTicket | null {
  return tickets.find((one) => (code === null ? one.id === ticketId : one.code === code)) ?? null;
}

function repeated(
  row: ScanRow,
  one: Presented,
  ticket: KnownTicket | null,
  taken: ReadonlyMap<string, FirstUse>,
): ScanAnswer {
  const same = row.ticketId === (ticket?.id ?? null);
  const first = ticket === null ? null : (taken.get(ticket.id) ?? null);
  return {
    id: one.id,
    result: same ? row.result : "scan-reused",
    letIn: same && row.letIn,
    ticket,
    // One's own entry is no earlier use.
    firstUse: row.result === "already-used" ? first : null,
  };
}

function scanOf(one: Presented, ticket: KnownTicket | null, result: DoorResult, device: string): Scan {
  return {
    id: one.id,
    ticketId: ticket?.id ?? null,
    ticketVersion: one.version ?? ticket?.version ?? null,
    result,
    letIn: one.letIn ?? result === "admitted",
    offline: one.letIn !== null,
    device,
    at: one.at,
  };
}
