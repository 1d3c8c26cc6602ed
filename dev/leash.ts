/**
 * Runs one command and ends it, with everything it started, as soon as whoever asked for it is gone.
 *
 *     node dev/leash.ts <command> <arguments…>      (with an IPC channel to the parent)
 *
 * The IPC channel closes even when the parent is killed with SIGKILL, which no signal handler could tell us. The command
 * runs in this process's own group (the parent starts the leash detached), so one signal reaches all of it: wrangler
 * alone starts two runtimes and two bundlers.
 */
import { spawn } from "node:child_process";

/** After this long a command that ignores SIGTERM is killed. */
const PATIENCE_MS = 5_000;

const [command, ...commandArguments] = process.argv.slice(2);
if (command === undefined) {
  console.error("The leash needs a command to run.");
  process.exit(1);
}

const child = spawn(command, commandArguments, { stdio: ["ignore", "inherit", "inherit"] });
let ending = false;

child.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});

child.on("exit", (code) => {
  // Its helpers may outlive it; they are in our group. The leash itself ignores the signal while `ending` is set.
  ending = true;
  signalGroup("SIGTERM");
  setTimeout(() => process.exit(code ?? 1), 100);
});

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);
process.on("disconnect", end);
if (!process.connected) end();

function end(): void {
  if (ending) return;
  ending = true;
  signalGroup("SIGTERM");
  setTimeout(() => process.kill(-process.pid, "SIGKILL"), PATIENCE_MS).unref();
}

function signalGroup(signal: NodeJS.Signals): void {
  try {
    process.kill(-process.pid, signal);
  } catch {
    child.kill(signal);
  }
}
