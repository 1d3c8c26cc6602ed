/** npm start: everything on this machine, until Ctrl-C. */
import { parseArgs } from "node:util";
import { command, wholeNumber } from "./command.ts";
import { sentenceOf } from "./failure.ts";
import { PORT_MAX } from "./ports.ts";
import { startStack, type Stack, type StackOptions } from "./stack.ts";

const usage = `npm start -- [options]
  --port N          pages and API on port N, the other services on N+1 to N+6 (default 8787)
  --data DIR        where everything is kept (default .data)
  --fresh           throw away what is kept there, and start with nothing
  --no-demo-data    no demo performances and accounts
  DATABASE_URL      in the environment: use that Postgres instead of starting one`;

const giveUp = new AbortController();
let stack: Stack | undefined;
let stopping = false;

await command(usage, async (words) => {
  const options = optionsFrom(words);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop());
  const startedAt = performance.now();
  try {
    stack = await startStack({ ...options, ...output(), signal: giveUp.signal });
  } catch (error) {
    if (!giveUp.signal.aborted) throw error;
    // Asked to stop while starting: that was done.
    console.error(`✗ ${sentenceOf(error)}`);
    process.exit(0);
  }
  if (giveUp.signal.aborted) await stack.stop();
  else await keepRunning(stack, performance.now() - startedAt, options.demoData ?? true);
});

function optionsFrom(args: string[]): StackOptions {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "8787" },
      data: { type: "string", default: ".data" },
      fresh: { type: "boolean", default: false },
      "no-demo-data": { type: "boolean", default: false },
    },
  });
  return {
    port: wholeNumber("--port", values.port, 1, PORT_MAX),
    dataDir: values.data,
    fresh: values.fresh,
    demoData: !values["no-demo-data"],
    databaseUrl: process.env["DATABASE_URL"] || undefined,
  };
}

/** On a terminal the step under way is shown too, and replaced when it is done. */
function output(): Pick<StackOptions, "log" | "begin"> {
  const clear = process.stdout.isTTY ? "\r\x1b[2K" : "";
  return {
    log: (line) => void process.stdout.write(`${clear}${line}\n`),
    begin: (step) => void (process.stdout.isTTY && process.stdout.write(`${clear}… ${step}`)),
  };
}

async function keepRunning(running: Stack, milliseconds: number, demoData: boolean): Promise<void> {
  console.log(`
TicketPing is ready after ${(milliseconds / 1000).toFixed(1)} s.

  Pages and API   ${running.origin}
  Money           ${running.tossUrl}/sandbox/books   (what the payment sandboxes have taken and given back)
                  ${running.stripeUrl}/sandbox/books
  Mail            ${running.inboxUrl}   (every mail that was sent)
  Postgres        ${shown(running.databaseUrl)}
  Worker's log    ${running.dataDir}/worker.log

Ctrl-C stops everything; the data stay in ${running.dataDir}.`);
  if (demoData) void addLargeHalls(running);
  const sentence = await running.broken;
  if (stopping) return;
  stopping = true;
  console.error(`✗ ${sentence}`);
  await running.stop();
  process.exit(1);
}

/** While everything else can be looked at already. What Ctrl-C cuts short, the next start goes on with. */
async function addLargeHalls({ origin, databaseUrl }: Stack): Promise<void> {
  const { loadLargeHalls } = await import("./demo-data.ts");
  try {
    await loadLargeHalls({ origin, databaseUrl, log: (line) => !stopping && console.log(`  ${line}`) });
  } catch (error) {
    if (!stopping) console.error(`✗ The large halls could not be loaded: ${sentenceOf(error)}`);
  }
}

async function stop(): Promise<void> {
  // Asked twice: whatever still hangs is ended by the next start.
  if (stopping) process.exit(1);
  stopping = true;
  giveUp.abort();
  if (!stack) return;
  console.log("\nStopping …");
  await stack.stop();
  process.exit(0);
}

/** Our own throw-away password may be shown, so that psql can be used; nobody else's. */
function shown(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  if (url.hostname !== "127.0.0.1" && url.password !== "") url.password = "***";
  return url.href;
}
