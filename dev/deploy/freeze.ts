/**
 * The freeze of on-sale hours: a deploy makes every socket reconnect and objects start again, so there is none while a crowd
 * is there. Read from the running system itself, not from a calendar.
 */
import { readSamples } from "../operations/questions.ts";

const BEFORE_SECONDS = 3_600;
const CROWD = 100;

/** Why not now, as sentences; none: go on. */
export function reasonsToWait(metrics: string): readonly string[] {
  const samples = readSamples(metrics);
  const of = (name: string, id: string): number =>
    samples.find((one) => one.name === `ticketping_${name}` && one.labels["performance"] === id)?.value ?? 0;
  const sales = new Set(samples.flatMap(({ labels }) => labels["performance"] ?? []));
  return Array.from(sales).flatMap((id): string[] => {
    const phase = samples.find(
      (one) => one.name === "ticketping_phase" && one.labels["performance"] === id && one.value === 1,
    );
    const name = phase?.labels["phase"] ?? "unknown";
    if (name === "sealed" || name === "gathering") return [`${id} is ${name}: people wait for its opening`];
    const opensIn = of("opens_in_seconds", id);
    if (name === "scheduled" && opensIn < BEFORE_SECONDS) return [`${id} opens in ${Math.ceil(opensIn / 60)} minutes`];
    const people = of("waiting", id) + of("sessions", id);
    if (name === "open" && people >= CROWD) return [`${id} is on sale, ${people} people wait or book`];
    return [];
  });
}
