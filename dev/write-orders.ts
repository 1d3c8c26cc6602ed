/**
 * npm run docs:orders: writes docs/orders.md from the order machine. A test says when the file is no longer what this would
 * write.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { OrderStatus } from "../durable-objects/performance/contract.ts";
import { edges, seatStatusOf } from "../durable-objects/performance/orders/machine.ts";
import { seatStatusNames } from "../durable-objects/performance/seats/board.ts";
import { KOREAN_LADDER } from "../durable-objects/performance/order-policy.ts";
import { projectRoot } from "./children.ts";

export const ordersFile = path.join(projectRoot, "docs/orders.md");

const meanings: Record<OrderStatus, string> = {
  pending: "Placed; the time to pay runs.",
  paying: "An attempt is under way. Once it has been sent to the provider, no clock ends it.",
  "awaiting-deposit": "The provider has opened an account and waits for a transfer, until its deadline.",
  paid: "The provider has the money. Some of the seats may have been given back since.",
  expired: "Nobody paid in time. Nothing was taken.",
  failed: "The provider said no, and by then the time to pay was over. Nothing was taken.",
  cancelling: "All seats are given back, and money is on its way.",
  cancelled: "Over; what goes back has gone.",
};

/** What docs/orders.md has to be. */
export function ordersDocument(): string {
  const statuses = Object.keys(meanings) as OrderStatus[];
  const all = statuses.flatMap((from) =>
    Object.entries(edges[from]).map(([event, { to, when }]) => ({ from, event, to, when })),
  );
  const states = statuses.map(
    (status) => `| \`${status}\` | ${seatStatusNames[seatStatusOf(status)]} | ${meanings[status]} |`,
  );
  const arrows = all.map(({ from, event, to }) => `    ${name(from)} --> ${name(to)}: ${event}`);
  const rows = all.map(({ from, event, to, when }) => `| \`${from}\` | ${event} | \`${to}\` | ${when} |`);
  const ladder = KOREAN_LADDER.rules.map(({ daysBefore, daysSince, percent, perSeat }) => {
    const fee = perSeat === null ? `${percent} %` : `${perSeat.toLocaleString("en-US")} a seat, ${percent} % at most`;
    return `| ${daysBefore} or more | ${daysSince === null ? "any" : `${daysSince} or fewer`} | ${fee} |`;
  });
  return `# Orders

Written by \`npm run docs:orders\` from [machine.ts](../durable-objects/performance/orders/machine.ts); do not edit it.

\`\`\`mermaid
stateDiagram-v2
    [*] --> pending: place
${arrows.join("\n")}
\`\`\`

| status | its seats are | what it means |
| --- | --- | --- |
${states.join("\n")}

A seat whose cancellation is complete is no longer its order's, whatever the order's status.

| from | event | to | when |
| --- | --- | --- | --- |
${rows.join("\n")}

## What cancelling costs

An order keeps the ladder it was placed under. Days are calendar days in the hall's time zone; the first row that fits decides, and where
none fits the member can no longer cancel. What the organiser cancels costs nothing, and so does giving back a date that was moved, until
the day that was named with the move. Where nobody said another ladder, in Korean won:

| days before the show | days since the order | fee |
| --- | --- | --- |
${ladder.join("\n")}
`;
}

/** A name the diagram takes. */
function name(status: OrderStatus): string {
  return status.replace("-", "_");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(ordersFile, ordersDocument());
  console.log(`${path.relative(process.cwd(), ordersFile)} is written.`);
}
