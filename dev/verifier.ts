/** npm run verifier: a stand-in for a membership service, for a sale that asks an external verifier. */
import { parseArgs } from "node:util";
import { command } from "./command.ts";
import { startVerifier } from "./verifier/server.ts";

const usage = `npm run verifier -- [--secret tpv_…] [--port N]
  --secret    what the sale's page said when this was named as its verifier
  --port N    listens on port N (default 8797)`;

await command(usage, async (args) => {
  const { values } = parseArgs({
    args,
    options: { secret: { type: "string" }, port: { type: "string", default: "8797" } },
  });
  const verifier = await startVerifier(Number(values.port), values.secret ?? "");
  if (values.secret === undefined) {
    console.log(`Set ${verifier.page} as the sale's verifier, then start this again with --secret and what it says.`);
  } else console.log(`Members are verified at ${verifier.page}. Ctrl-C stops it.`);
});
