/**
 * npm run sim -- --mutants: puts one known bug after the other into a copy of the sources, and plays sales until one notices.
 * A bug that nothing notices is a hole in the simulation; a change that no longer fits the sources is no test of anything.
 * Both fail the run. What noticed what is written to docs/mutants.md.
 */
import { fork } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { USUAL, type CampaignOptions, type CampaignResult, type Failure } from "./campaign.ts";
import { mutants, without, type Mutant } from "./mutants.ts";

const root = path.join(import.meta.dirname, "../..");
/** What a simulated sale is made of. */
const SOURCES = [
  "durable-objects",
  "workers",
  "dev",
  "tests/simulation",
  "tests/chaos",
  "package.json",
  "tsconfig.json",
];
const HANDFUL = 5;
/** Nothing in this many sales: the bug survived. */
const SALES_MOST = 200;
/** A sale that does not end is a bug that was noticed by nobody. */
const PATIENCE_MS = 120_000;
const PAGE = path.join(root, "docs/mutants.md");

type Verdict =
  { readonly mutant: Mutant; readonly by: Failure } | { readonly mutant: Mutant; readonly trouble: string };

/** The exit code. */
export async function runMutants(jobs: number): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ticketping-mutants-"));
  try {
    const waiting = [...mutants];
    const verdicts: Verdict[] = [];
    await Promise.all(
      Array.from({ length: Math.min(jobs, mutants.length) }, async (_, index) => {
        const copy = path.join(folder, String(index));
        for (const source of SOURCES) cpSync(path.join(root, source), path.join(copy, source), { recursive: true });
        symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
        for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
          const verdict = await judge(copy, mutant);
          verdicts.push(verdict);
          if ("by" in verdict)
            console.log(`✓ ${mutant.name}: seed ${verdict.by.seed}, ${verdict.by.sentence.slice(0, 100)}`);
          else console.error(`✗ ${mutant.name}: ${verdict.trouble}`);
        }
      }),
    );
    const alive = verdicts.filter((verdict) => !("by" in verdict));
    if (alive.length > 0) {
      console.error(`\n✗ ${alive.length} of ${mutants.length} known bugs were not noticed.`);
      return 1;
    }
    writeFileSync(PAGE, pageOf(verdicts));
    console.log(`\n✓ All ${mutants.length} known bugs were noticed: ${path.relative(root, PAGE)}`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function judge(copy: string, mutant: Mutant): Promise<Verdict> {
  const file = path.join(copy, mutant.file);
  const text = readFileSync(file, "utf8");
  if (text.split(mutant.find).length !== 2)
    return { mutant, trouble: `the change no longer fits ${mutant.file}: the text is not there exactly once` };
  writeFileSync(
    file,
    text.replace(mutant.find, () => mutant.replace),
  );
  try {
    const by = await play(copy);
    if (by === null) return { mutant, trouble: `survived ${SALES_MOST} sales` };
    // A sale that merely breaks shows that the change is broken, not that an invariant holds.
    return by.violated ? { mutant, by } : { mutant, trouble: `broke instead of misbehaving: ${by.sentence}` };
  } finally {
    writeFileSync(file, text);
  }
}

/** A process of its own: it loads the changed sources, and nothing of it is left afterwards. */
async function play(copy: string): Promise<Failure | null> {
  const worker = fork(path.join(copy, "tests/simulation/worker.ts"), { cwd: copy, stdio: "inherit" });
  const late = new AbortController();
  try {
    for (let firstSeed = 1; firstSeed <= SALES_MOST; firstSeed += HANDFUL) {
      const task: CampaignOptions = { ...USUAL, firstSeed, seeds: HANDFUL };
      const answer = new Promise<CampaignResult>((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("exit", () => reject(new Error("the changed sources cannot be run")));
      });
      worker.send(task);
      const result = await Promise.race([answer, sleep(PATIENCE_MS, null, { signal: late.signal })]);
      worker.removeAllListeners();
      if (result === null) throw new Error("the changed sources do not come to an end");
      if (result.failure !== null) return result.failure;
    }
    return null;
  } finally {
    late.abort();
    worker.kill();
  }
}

function pageOf(verdicts: readonly Verdict[]): string {
  const order = new Map(mutants.map((mutant, index) => [mutant, index]));
  const rows = verdicts
    .toSorted((a, b) => (order.get(a.mutant) ?? 0) - (order.get(b.mutant) ?? 0))
    .flatMap((verdict) => {
      if (!("by" in verdict)) return [];
      const { mutant, by } = verdict;
      const from = "bug" in mutant.from ? mutant.from.bug : mutant.from.flaw;
      const noticed = by.sentence.split("\n")[0]?.slice(0, 120) ?? "";
      return [
        `| \`${mutant.name}\` | ${from} | ${mutant.does} | ${noticed.replaceAll("|", "\\|")} | ${by.seed} | ${by.step} |`,
      ];
    });
  const missing = without.map(({ bug, reason }) => `| ${bug} | ${reason} |`);
  return `# Known bugs, brought back

Written by \`npm run sim -- --mutants\`: each row is a small change of the sources that brings back a bug another ticketing system
had, or a flaw of the predecessor ([F-ids](predecessor-flaws.md)). The simulation has to notice every one of them, and this is
what noticed it: the sentence of the invariant, the seed and the step. The changes themselves: [mutants.ts](../tests/simulation/mutants.ts).

| change | the bug | what the code does then | noticed as | seed | step |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

## Bugs without a place here

| bug | why it cannot be brought back |
| --- | --- |
${missing.join("\n")}
`;
}
