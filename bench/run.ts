/**
 * npm run bench: measures, and says what it found.
 *
 * Progress goes to standard error. It ends with 1 when a figure could not be measured; a target that is missed is a finding,
 * not a failure.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { command, Misuse } from "../dev/command.ts";
import { sentenceOf } from "../dev/failure.ts";
import { machine, versions } from "./machine.ts";
import { admission } from "./parts/admission.ts";
import { gate } from "./parts/gate.ts";
import { pages } from "./parts/pages.ts";
import { predecessor } from "./parts/predecessor.ts";
import { records } from "./parts/records.ts";
import { seats } from "./parts/seats.ts";
import { writeDocuments } from "./record/documents.ts";
import { readBenchmarks, today, withPart, writeBenchmarks } from "./record/record.ts";
import { missing, parts, resultOf, table, type Part, type Report, type Result } from "./report.ts";
import type { Lab, Study } from "./study.ts";

const studies: Readonly<Record<Part, readonly Study[]>> = { admission, predecessor, seats, gate, pages, records };

interface Options {
  readonly chosen: readonly Part[];
  readonly json: boolean;
  readonly out: string | null;
  readonly record: boolean;
  readonly seconds: number;
  readonly staySeconds: number;
}

const usage = `npm run bench -- [PART…] [options]
  PART           ${parts.join(", ")} (default: all)
  --json         one document on standard output and nothing else (npm's own lines go with \`npm run --silent\`)
  --out FILE     the same document into a file
  --record       keeps what was measured whole in docs/benchmarks.json, and writes the tables and pictures made of it
  --seconds N    how long one measurement lasts (default 3)
  --stay N       how long a crowd stays, in seconds (default 75)`;

function optionsFrom(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      out: { type: "string" },
      record: { type: "boolean", default: false },
      seconds: { type: "string", default: "3" },
      stay: { type: "string", default: "75" },
    },
  });
  const chosen = positionals.map((name) => {
    const part = parts.find((one) => one === name);
    if (part === undefined) throw new Misuse(`There is no part named ${name}.`);
    return part;
  });
  return {
    chosen: chosen.length === 0 ? parts : parts.filter((part) => chosen.includes(part)),
    json: values.json,
    out: values.out ?? null,
    record: values.record,
    seconds: secondsOf("--seconds", values.seconds, 1, 60),
    // Everybody polls at least once in this time.
    staySeconds: secondsOf("--stay", values.stay, 30, 3_000),
  };
}

function secondsOf(name: string, text: string, least: number, most: number): number {
  const seconds = Number(text);
  if (seconds >= least && seconds <= most) return seconds;
  throw new Misuse(`${name} takes a number from ${least} to ${most}.`);
}

async function run({ chosen, seconds, staySeconds, record }: Options): Promise<Report> {
  const about = { machine: machine(), versions: versions() };
  const results: Result[] = [];
  for (const part of chosen) {
    // A part that is recorded says how busy the machine was before it, not before the first.
    const own = { ...about, machine: machine() };
    const lab: Lab = { seconds, staySeconds, say: (line) => console.error(`${part}: ${line}`) };
    const found: Result[] = [];
    for (const study of studies[part]) found.push(...(await resultsOf(part, study, lab)));
    results.push(...found);
    if (record) keep(part, { ...own, results: found }, { seconds, staySeconds });
  }
  return { ...about, results };
}

/** Part by part: what is known is not lost if a later part takes the machine down. */
function keep(part: Part, report: Report, { seconds, staySeconds }: Pick<Options, "seconds" | "staySeconds">): void {
  const stay = part === "predecessor" ? ` --stay ${staySeconds}` : "";
  const about = { on: today(), command: `npm run bench -- ${part} --seconds ${seconds}${stay}` };
  const next = withPart(readBenchmarks(), part, report, about);
  if (next === null) {
    console.error(`${part}: not recorded, because not all of it could be measured`);
    return;
  }
  for (const file of [writeBenchmarks(next), ...writeDocuments()]) console.error(`${part}: ${file} is written`);
}

async function resultsOf(part: Part, study: Study, lab: Lab): Promise<Result[]> {
  try {
    const measured = await study.measure(lab);
    return study.figures.map((figure) => {
      const one = measured[figure.name];
      if (one === undefined || !Number.isFinite(one.value)) return missing(part, figure, "no value came of it");
      return resultOf(part, figure, one);
    });
  } catch (error) {
    const reason = sentenceOf(error);
    lab.say(`failed: ${reason}`);
    return study.figures.map((figure) => missing(part, figure, reason));
  }
}

await command(usage, async (words) => {
  const options = optionsFrom(words);
  const report = await run(options);
  const document = JSON.stringify(report, null, 2);
  if (options.out !== null) writeFileSync(options.out, `${document}\n`);
  console.log(options.json ? document : table(report));
  if (report.results.some((result) => result.value === null)) process.exitCode = 1;
});
