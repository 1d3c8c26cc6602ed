/**
 * Somebody on call who knows nothing but the metrics, all through the trouble: is it fair, is it full, is it selling, is money
 * stuck? What may never be so is a broken promise at once; at rest the answers must say what is true.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { answersOf, type Answer } from "../../dev/operations/questions.ts";
import type { History } from "./history.ts";
import type { House } from "./house.ts";
import type { Figures } from "./truth.ts";

const EVERY_MS = 2_000;
const PATIENCE_MS = 10_000;
const QUESTIONS = ["fair", "full", "selling", "money"] as const;

/** Asks until then. While workerd is dead there is no answer, which is one too. */
export async function keepAsking(house: House, until: number, history: History): Promise<void> {
  while (Date.now() < until) {
    const answers = await ask(house);
    if (answers === null) history.count("no metrics: somebody is called");
    for (const [sale, list] of answers ?? []) {
      history.count("answers to the four questions");
      for (const { question, ok, says } of list) {
        if (!ok) history.count(`answered no: ${question}`);
        // Slots may stand free for a moment and payments be open; too many people inside may never be.
        if (!ok && question === "fair" && isAboveLimit(says)) history.break(`${sale} is not fair: ${says}`);
      }
    }
    await sleep(EVERY_MS);
  }
}

/** When nothing is under way any more the four answers are yes, and what they rest on is what the sale itself says. */
export async function checkAnswers(house: House, sale: string, found: Figures, history: History): Promise<void> {
  const list = (await ask(house))?.get(sale);
  if (list === undefined) return history.break(`${sale}: nobody answers the four questions at rest`);
  for (const question of QUESTIONS) {
    const answer = list.find((one) => one.question === question);
    if (answer?.ok === true) continue;
    // Whoever waited while workerd was dead has waited longer than was said, and whoever is on call is rightly told so.
    if (question === "fair" && answer !== undefined && !isAboveLimit(answer.says)) continue;
    history.break(`${sale} at rest: ${question}? No: ${answer?.says ?? "no answer"}`);
  }
  const sold = found.seatsByStatus["sold"] ?? 0;
  const paid = found.ordersByStatus["paid"] ?? 0;
  const selling = list.find(({ question }) => question === "selling")?.says ?? "";
  if (!selling.startsWith(`${sold} seats sold,`) || !selling.endsWith(`${paid} orders paid`))
    history.break(`${sale} sold ${sold} seats in ${paid} orders, and whoever is on call reads: ${selling}`);
}

/** More people inside than a limit allows, ever. */
function isAboveLimit(says: string): boolean {
  return !says.startsWith("0 above a limit");
}

async function ask(house: House): Promise<ReadonlyMap<string, readonly Answer[]> | null> {
  try {
    const answer = await fetch(new URL("/metrics", house.origin), {
      headers: { authorization: `Bearer ${house.secrets.METRICS_TOKEN}` },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return answer.ok ? answersOf(await answer.text()) : null;
  } catch {
    return null;
  }
}
