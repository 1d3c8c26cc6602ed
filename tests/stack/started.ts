/** `npm start` as a process of its own, that can be killed the way a power cut kills it, and started again on its data. */
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { projectRoot } from "../../dev/children.ts";
import { findProcess } from "../../dev/process-table.ts";
import { runningStack, type Whereabouts } from "../../dev/running.ts";

const READY_MS = 120_000;
const STOP_MS = 30_000;
const noted = z.object({ name: z.string(), pid: z.number(), startedAt: z.string() });
const note = z.object({ children: z.array(noted) });

export class Started {
  readonly where: Whereabouts;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #dataDir: string;

  static async on(dataDir: string, port: number): Promise<Started> {
    const command = [
      path.join(projectRoot, "dev/start.ts"),
      "--port",
      String(port),
      "--data",
      dataDir,
      "--no-demo-data",
    ];
    const child = spawn(process.execPath, command, {
      cwd: projectRoot,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    let said = "";
    const listen = (chunk: Buffer): void => void (said += chunk.toString("utf8"));
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    const until = Date.now() + READY_MS;
    while (!said.includes("TicketPing is ready")) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > until) {
        killGroup(child.pid);
        throw new Error(`the stack did not start: ${said}`);
      }
      await sleep(50);
    }
    const where = await runningStack(port, dataDir);
    if (where === null) {
      killGroup(child.pid);
      throw new Error("the stack says that it is ready, and is not");
    }
    return new Started(where, child, ended, dataDir);
  }

  private constructor(where: Whereabouts, child: ChildProcess, ended: Promise<void>, dataDir: string) {
    this.where = where;
    this.#process = child;
    this.#ended = ended;
    this.#dataDir = dataDir;
  }

  /** Everything at once, without a chance to finish or to tidy up. */
  async kill(): Promise<void> {
    const parts = this.#parts();
    for (const { pid } of parts) killGroup(pid);
    killGroup(this.#process.pid);
    await this.#ended;
    while (parts.some(({ pid, startedAt }) => findProcess(pid)?.startedAt === startedAt)) await sleep(20);
  }

  /** Stops the Worker in its tracks: it neither answers nor hears any more, until it is killed. */
  freezeWorker(): void {
    const worker = this.#parts().find(({ name }) => name === "Worker");
    if (worker === undefined) throw new Error("no Worker is running");
    process.kill(-worker.pid, "SIGSTOP");
  }

  /** As Ctrl-C does; whoever does not listen is killed. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill("SIGTERM");
    const patience = new AbortController();
    const late = sleep(STOP_MS, "late", { signal: patience.signal }).catch(() => "in time");
    if ((await Promise.race([this.#ended, late])) === "late") await this.kill();
    patience.abort();
  }

  /** The processes it has started, each the leader of a group. */
  #parts(): z.infer<typeof note>["children"] {
    const { children } = note.parse(JSON.parse(readFileSync(path.join(this.#dataDir, "pids.json"), "utf8")));
    return children.filter(({ pid, startedAt }) => findProcess(pid)?.startedAt === startedAt);
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
