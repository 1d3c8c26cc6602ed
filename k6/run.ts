/**
 * npm run load: load scripts against a stack of their own, and then the books.
 *
 * Starts everything in a temporary folder on free ports, gives each script a fresh performance and fans, and asks Postgres,
 * the object and the payment sandbox afterwards. Exit code 1 when k6, a threshold or one of these answers says no.
 * Deployments are another matter: k6/README.md.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../dev/children.ts";
import { readOutcome } from "../dev/demo/books.ts";
import { command, Misuse, wholeNumber } from "../dev/command.ts";
import { Failure } from "../dev/failure.ts";
import { startStack, type Stack } from "../dev/stack.ts";
import { PORTS } from "../dev/ports.ts";
import { freePorts } from "../tests/stack/ports.ts";
import { findK6 } from "./find-k6.ts";
import { findFault, readCounted } from "./judge.ts";
import { isScript, sceneOf, scriptNames, type ScriptName } from "./scenes.ts";
import { Stage } from "./stage.ts";

const FANS_MAX = 2_000;
/** Beyond the script's own end: k6 starts, and counts together. */
const SPARE_MS = 30_000;
/** After this long a k6 that ignores SIGTERM is killed. */
const PATIENCE_MS = 5_000;

const giveUp = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => giveUp.abort());

const usage = `npm run load -- [SCRIPT…] [--smoke] [--fans N]
  SCRIPT      ${scriptNames.join(", ")} (default: all)
  --smoke     a few fans, at most 20 seconds a script
  --fans N    so many fans, at most ${FANS_MAX}`;

await command(usage, async (words) => {
  try {
    process.exitCode = await load(readOptions(words));
  } catch (error) {
    throw giveUp.signal.aborted ? new Failure("Stopped.") : error;
  }
});

interface Options {
  readonly scripts: readonly ScriptName[];
  readonly smoke: boolean;
  readonly fans: number | null;
}

async function load(options: Options): Promise<number> {
  const k6 = findK6((line) => console.log(line));
  // Where nothing could be started the folder stays: the sentence that says why names a log in it.
  const dataDir = mkdtempSync(path.join(tmpdir(), "ticketping-load-"));
  const stack = await startStack({
    dataDir,
    port: await freePorts(PORTS),
    demoData: false,
    log: (line) => console.log(line),
    signal: giveUp.signal,
  });
  try {
    const failed: ScriptName[] = [];
    for (const script of options.scripts) if (!(await run(k6, script, options, stack))) failed.push(script);
    if (failed.length > 0) console.error(`\n✗ ${failed.join(", ")}: not as it should be.`);
    else console.log("\n✓ Every threshold was kept, and the books agree.");
    return failed.length === 0 ? 0 : 1;
  } finally {
    await stack.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Whether k6 and the books are content. */
async function run(k6: string, script: ScriptName, options: Options, stack: Stack): Promise<boolean> {
  const scene = sceneOf(script, options.smoke, options.fans);
  const { capacity, ratePerMinute } = scene.settings;
  console.log(
    `\n${script}: ${scene.fans} fans, ${scene.seats} seats, ${capacity} at a time, ${ratePerMinute} a minute`,
  );
  const stage = await Stage.of(stack);
  const plan = await stage.set(script, scene);
  const planFile = path.join(stack.dataDir, `${script}.plan.json`);
  const summaryFile = path.join(stack.dataDir, `${script}.summary.json`);
  // It holds the fans' tokens.
  writeFileSync(planFile, JSON.stringify(plan), { mode: 0o600 });
  const code = await runK6(k6, script, planFile, summaryFile, scene.seconds * 1_000 + SPARE_MS);
  const wrong = code === 0 ? [] : [typeof code === "string" ? code : `k6 ended with code ${code}, see above`];
  // Codes other than these two: k6 did not get as far as counting.
  if (code === 0 || code === 99) {
    const figures = await stage.settled(plan.performanceId);
    const books = await readOutcome(stack.databaseUrl, stack.tossUrl, plan.performanceId);
    const counted = readCounted(summaryFile);
    const { joined } = figures.status;
    console.log(
      `  object:   ${joined} joined, ${figures.admittedTotal} admitted, ${JSON.stringify(figures.seatsByStatus)}`,
    );
    console.log(`  Postgres: ${books.orders} orders paid, ${books.seatsSold} seats sold, ${books.tickets} tickets`);
    console.log(`  money:    ${books.ledger} in our ledger, ${books.sandbox} in the provider's books`);
    wrong.push(...findFault(script, { scene, figures, books, counted }));
  }
  for (const sentence of wrong) console.error(`✗ ${script}: ${sentence}`);
  if (wrong.length === 0) console.log(`✓ ${script}`);
  return wrong.length === 0;
}

/** k6's exit code, or why there is none. */
async function runK6(
  k6: string,
  script: ScriptName,
  plan: string,
  summary: string,
  most: number,
): Promise<number | string> {
  // The load is what the script says: settings meant for another run of k6 stay outside, and nothing is sent home.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("K6_"));
  const env = {
    ...Object.fromEntries(own),
    K6_PLAN: plan,
    K6_NO_USAGE_REPORT: "true",
    K6_AUTO_EXTENSION_RESOLUTION: "false",
  };
  const words = ["run", "--quiet", "--no-color", "--address", "", "--summary-export", summary, `k6/${script}.ts`];
  const child = spawn(k6, words, { cwd: projectRoot, env, stdio: ["ignore", "inherit", "inherit"] });
  const late = AbortSignal.timeout(most);
  AbortSignal.any([giveUp.signal, late]).addEventListener("abort", () => {
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS).unref();
  });
  const [code] = (await once(child, "exit")) as [number | null];
  giveUp.signal.throwIfAborted();
  if (late.aborted) return `k6 did not end within ${most / 1_000} seconds`;
  return code ?? "k6 was ended by a signal";
}

function readOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { smoke: { type: "boolean", default: false }, fans: { type: "string" } },
  });
  const unknown = positionals.find((name) => !isScript(name));
  if (unknown !== undefined) throw new Misuse(`There is no script ${unknown}.`);
  const fans = values.fans === undefined ? null : wholeNumber("--fans", values.fans, 1, FANS_MAX);
  const named = positionals.filter(isScript);
  return { scripts: named.length === 0 ? scriptNames : named, smoke: values.smoke, fans };
}
