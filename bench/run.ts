/**
 * npm run bench: measures, and says what it found.
 *
 *     npm run bench -- [admission] [seats] [gate] [pages] [records] [--json] [--seconds N]
 *
 * Without names it runs all parts. --json prints one document on standard output and nothing else; progress goes to
 * standard error. It ends with 1 when a figure could not be measured; a target that is missed is a finding, not a failure.
 */
import { parseArgs } from "node:util";
import { Failure, sentenceOf } from "../dev/failure.ts";
import { machine, versions } from "./machine.ts";
import { admission } from "./parts/admission.ts";
import { gate } from "./parts/gate.ts";
import { pages } from "./parts/pages.ts";
import { records } from "./parts/records.ts";
import { seats } from "./parts/seats.ts";
import { missing, parts, resultOf, table, type Part, type Report, type Result } from "./report.ts";
import type { Lab, Study } from "./study.ts";

const studies: Readonly<Record<Part, readonly Study[]>> = { admission, seats, gate, pages, records };

interface Options {
  readonly chosen: readonly Part[];
  readonly json: boolean;
  readonly seconds: number;
}

function optionsFrom(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: "boolean", default: false }, seconds: { type: "string", default: "3" } },
  });
  const chosen = positionals.map((name) => {
    const part = parts.find((one) => one === name);
    if (part === undefined) throw new Failure(`There is no part named ${name}: the parts are ${parts.join(", ")}.`);
    return part;
  });
  const seconds = Number(values.seconds);
  if (!(seconds >= 1 && seconds <= 60)) throw new Failure("--seconds takes a number from 1 to 60.");
  return {
    chosen: chosen.length === 0 ? parts : parts.filter((part) => chosen.includes(part)),
    json: values.json,
    seconds,
  };
}

async function run({ chosen, seconds }: Options): Promise<Report> {
  const about = { machine: machine(), versions: versions() };
  const results: Result[] = [];
  for (const part of chosen) {
    const lab: Lab = { seconds, say: (line) => console.error(`${part}: ${line}`) };
    for (const study of studies[part]) results.push(...(await resultsOf(part, study, lab)));
  }
  return { ...about, results };
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

try {
  const options = optionsFrom(process.argv.slice(2));
  const report = await run(options);
  console.log(options.json ? JSON.stringify(report, null, 2) : table(report));
  if (report.results.some((result) => result.value === null)) process.exitCode = 1;
} catch (error) {
  console.error(`✗ ${sentenceOf(error)}`);
  process.exitCode = 1;
}
