/**
 * npm run bench:scaling: how cost grows, from 1,000 to a million people and from 1 to 64 lobbies, counted on a virtual clock
 * (growth.ts). It prints a table.
 */
import { parseArgs } from "node:util";
import { command, Misuse } from "../dev/command.ts";
import { growthOf, type Growth } from "./growth.ts";
import { machine, versions } from "./machine.ts";
import { growthTable } from "./record/tables.ts";
import { today, writeGrowth, type GrowthRecord } from "./record/record.ts";
import { writeDocuments } from "./record/documents.ts";

const PEOPLE = [1_000, 10_000, 100_000, 1_000_000] as const;
const LOBBIES = [1, 4, 16, 64] as const;

const usage = `npm run bench:scaling -- [options]
  --people N,N…     these sizes (default ${PEOPLE.join(",")})
  --lobbies N,N…    these numbers of lobbies (default ${LOBBIES.join(",")})
  --record          takes them all, and writes docs/scaling.json and the table and pictures made of it`;

function numbersOf(name: string, text: string | undefined, usual: readonly number[]): readonly number[] {
  const numbers = text?.split(",").map(Number) ?? usual;
  if (numbers.every((number) => Number.isInteger(number) && number > 0)) return numbers;
  throw new Misuse(`--${name} takes whole numbers with commas between them.`);
}

async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      people: { type: "string" },
      lobbies: { type: "string" },
      record: { type: "boolean", default: false },
    },
  });
  if (values.record && (values.people !== undefined || values.lobbies !== undefined))
    throw new Misuse("--record takes every size: leave --people and --lobbies away.");
  const about = { on: today(), machine: machine(), versions: versions() };
  const sizes: Growth[] = [];
  for (const people of numbersOf("people", values.people, PEOPLE)) {
    for (const lobbies of numbersOf("lobbies", values.lobbies, LOBBIES)) {
      console.error(`${people.toLocaleString("en-US")} people, ${lobbies} lobbies`);
      sizes.push(await growthOf(people, lobbies));
    }
  }
  const record: GrowthRecord = { ...about, sizes };
  console.log(growthTable(record));
  if (values.record)
    for (const file of [writeGrowth(record), ...writeDocuments()]) console.error(`${file} is written.`);
}

await command(usage, run);
