/** `npm run verifier -- --secret tpv_…`: a stand-in for a membership service, for a sale that asks an external verifier. */
import { parseArgs } from "node:util";
import { sentenceOf } from "./failure.ts";
import { startVerifier } from "./verifier/server.ts";

try {
  const { values } = parseArgs({ options: { secret: { type: "string" }, port: { type: "string", default: "8797" } } });
  const verifier = await startVerifier(Number(values.port), values.secret ?? "");
  if (values.secret === undefined) {
    console.log(`Set ${verifier.page} as the sale's verifier, then start this again with --secret and what it says.`);
  } else console.log(`Members are verified at ${verifier.page}. Ctrl-C stops it.`);
} catch (error) {
  console.error(`✗ ${sentenceOf(error)}`);
  process.exitCode = 1;
}
