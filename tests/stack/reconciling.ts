/** The reconciler in a test's hand: its runs come to a sale when the test says so, and its script says what it finds. */
import { execFile } from "node:child_process";
import { expect } from "vitest";
import { projectRoot } from "../../dev/children.ts";
import { readSecrets } from "../../dev/secrets.ts";
import type { House, Show } from "./house.ts";

/** The minute's own runs pass this sale by. */
export async function leaveAlone(house: House, show: Show): Promise<void> {
  for (const side of ["records", "provider"]) {
    const made =
      "insert into reconciler_passes (performance_id, side, advanced_at) values ($1, $2, now() + interval '1 day')";
    await house.sql.query(made, [show.id, side]);
  }
}

/** One of the minute's runs, for this sale as if it had waited for long. */
export async function reconcilerRun(house: House, show: Show): Promise<void> {
  const due = "update reconciler_passes set advanced_at = now() - interval '1 day' where performance_id = $1";
  await house.sql.query(due, [show.id]);
  const answer = await fetch(new URL("/cdn-cgi/handler/scheduled", house.where.origin));
  expect(answer.ok).toBe(true);
  const rest = "update reconciler_passes set advanced_at = now() + interval '1 day' where performance_id = $1";
  await house.sql.query(rest, [show.id]);
}

/** What `npm run reconcile` says of a sale, and how it ends. */
export function comparison(
  house: House,
  performanceId: string,
): Promise<{ readonly code: number; readonly said: string }> {
  const env = {
    ...process.env,
    TICKETPING_URL: house.where.origin,
    METRICS_TOKEN: readSecrets().METRICS_TOKEN,
  };
  return new Promise((resolve) => {
    const options = { cwd: projectRoot, env };
    execFile(process.execPath, ["dev/reconcile.ts", performanceId], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, said: stdout + stderr });
    });
  });
}
