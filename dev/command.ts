/**
 * What the scripts of package.json do around their work: they say how they are used to whoever asks for it (`--help`) or got
 * it wrong, and end with one sentence and exit code 1 where they cannot do what they were asked for.
 */
import { Failure, sentenceOf } from "./failure.ts";

/** The words were not such as the usage says; it is shown after the sentence. */
export class Misuse extends Failure {}

/** Runs `work` with the words after the script's name. Its exit code is 0, what `work` sets, or 1 if it throws. */
export async function command(usage: string, work: (words: string[]) => unknown): Promise<void> {
  const words = process.argv.slice(2);
  if (words.includes("--help") || words.includes("-h")) {
    console.log(usage);
    return;
  }
  try {
    await work(words);
  } catch (error) {
    console.error(`✗ ${sentenceOf(error)}`);
    if (isAboutWords(error)) console.error(`\n${usage}`);
    process.exitCode = 1;
  }
}

/** A whole number within these bounds, both included. @throws Misuse where it is none. */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (text.trim() !== "" && Number.isInteger(number) && number >= least && number <= most) return number;
  throw new Misuse(`${option} takes a whole number from ${least} to ${most}.`);
}

/** parseArgs throws errors of its own, with a code of this form, for words that are none of its options. */
function isAboutWords(error: unknown): boolean {
  if (error instanceof Misuse) return true;
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
