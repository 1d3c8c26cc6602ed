/** npm run recover: what an engineer does when an object, the records or an order is beyond the ordinary. */
import { ApiFailure } from "./demo/client.ts";
import { Failure, sentenceOf } from "./failure.ts";
import { adminOf } from "./recover/admin.ts";
import { commands, help } from "./recover/commands.ts";

async function run([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined || name === "help" || name === "--help") return console.log(help());
  const command = commands[name];
  if (command === undefined) throw new Failure(`There is no "${name}".\n\n${help()}`);
  const { api, token } = await adminOf(process.env);
  console.log(`✓ ${await command.run(api, token, args)}`);
}

/** A refusal with what it rests on: an engineer needs more than its name. */
function said(error: unknown): string {
  if (!(error instanceof ApiFailure) || error.evidence == null) return sentenceOf(error);
  return `${error.message}: ${JSON.stringify(error.evidence)}`;
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(`✗ ${said(error)}`);
  process.exitCode = 1;
}
