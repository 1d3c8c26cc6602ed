/**
 * The stack's processes and the note of them on disk.
 *
 * A stack that is killed outright leaves no chance to tidy up. Two things help: each child notices by itself that its
 * parent is gone (leash.ts, postgres-process.ts), and `pids.json` names the children, so that the next start ends
 * whatever was left over. A pid alone proves nothing, since pids are used again: a process is only ended when its start
 * time is the noted one, or it belongs to a noted group and its command names our folders.
 */
import { fork, type ChildProcess } from "node:child_process";
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { Failure, sentenceOf } from "./failure.ts";
import { findProcess, listProcesses, type ProcessEntry } from "./process-table.ts";

export const projectRoot = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** After this long a process that ignores SIGTERM is killed. */
const PATIENCE_MS = 8_000;

const Noted = z.object({ name: z.string(), pid: z.number().int().positive(), startedAt: z.string() });
const Note = z.object({ owner: Noted, children: z.array(Noted) });
type Noted = z.infer<typeof Noted>;

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  stop(): Promise<void>;
}

export interface Exit {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** "ended with code 1", to follow the name. */
  readonly words: string;
}

export class Children {
  readonly #file: string;
  readonly #dataDir: string;
  readonly #owner: Noted;
  readonly #running = new Map<number, Noted>();
  #released = false;

  /** Ends what an earlier stack left on this data folder, and takes the folder over. */
  static async takeOver(dataDir: string): Promise<Children> {
    makeFolder(dataDir);
    const file = path.join(dataDir, "pids.json");
    const note = readNote(file);
    if (note) {
      const owner = findProcess(note.owner.pid);
      if (owner && owner.startedAt === note.owner.startedAt) {
        throw new Failure(
          `TicketPing runs on ${dataDir} already (process ${owner.pid}): stop it first, or choose another folder with --data.`,
        );
      }
      await endLeftovers(note.children, dataDir);
    }
    return new Children(file, dataDir);
  }

  private constructor(file: string, dataDir: string) {
    this.#file = file;
    this.#dataDir = dataDir;
    this.#owner = { name: "stack", pid: process.pid, startedAt: findProcess(process.pid)?.startedAt ?? "" };
    this.#write();
  }

  /** Starts a command on a leash; its output goes to `logFile`, whose earlier content is dropped. */
  start(name: string, command: readonly string[], options: { logFile: string; env?: NodeJS.ProcessEnv }): Child {
    const log = openSync(options.logFile, "w");
    const leash = fork(path.join(projectRoot, "dev/leash.ts"), command, {
      cwd: projectRoot,
      env: { ...process.env, ...options.env },
      execArgv: [],
      detached: true,
      stdio: ["ignore", log, log, "ipc"],
    });
    closeSync(log);
    return this.adopt(name, leash);
  }

  /** Notes a process that was started elsewhere, as the leader of a group of its own, until it ends. */
  adopt(name: string, child: ChildProcess): Child {
    const pid = child.pid;
    if (pid === undefined) throw new Failure(`${name} could not be started.`);
    const exited = new Promise<Exit>((resolve) => {
      child.once("exit", (code, signal) => {
        // It ends what it started; if it was killed, nobody did. While the group has members its number is theirs.
        kill(-pid, "SIGKILL");
        this.#running.delete(pid);
        this.#write();
        resolve({ code, words: signal === null ? `ended with code ${code ?? 0}` : `was ended by ${signal}` });
      });
    });
    this.#running.set(pid, { name, pid, startedAt: findProcess(pid)?.startedAt ?? "" });
    this.#write();
    const stop = async (): Promise<void> => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      const patience = setTimeout(() => kill(-pid, "SIGKILL"), PATIENCE_MS);
      await exited;
      clearTimeout(patience);
    };
    return { name, pid, exited, stop };
  }

  /** Gives the data folder back; the children have been stopped before. */
  release(): void {
    this.#released = true;
    rmSync(this.#file, { force: true });
  }

  #write(): void {
    if (this.#released) return;
    mkdirSync(this.#dataDir, { recursive: true });
    const draft = `${this.#file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify({ owner: this.#owner, children: [...this.#running.values()] }, null, 2));
    renameSync(draft, this.#file);
  }
}

/** @throws Failure where this user may not write. */
function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    throw new Failure(`${dataDir} cannot be the data folder (${sentenceOf(error)}): choose another one with --data.`);
  }
}

/** Asks a process to end, waits, then insists. */
export async function endProcess(entry: ProcessEntry, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  kill(entry.pid, signal);
  const until = Date.now() + patienceMs;
  while (Date.now() < until) {
    if (findProcess(entry.pid)?.startedAt !== entry.startedAt) return;
    await sleep(50);
  }
  kill(entry.pid, "SIGKILL");
  await sleep(100);
}

async function endLeftovers(noted: readonly Noted[], dataDir: string): Promise<void> {
  const leftovers = listProcesses().filter((entry) =>
    noted.some((note) => {
      if (entry.pid === note.pid) return entry.startedAt === note.startedAt;
      return entry.group === note.pid && (entry.command.includes(projectRoot) || entry.command.includes(dataDir));
    }),
  );
  await Promise.all(leftovers.map((entry) => endProcess(entry, "SIGTERM", PATIENCE_MS)));
}

function readNote(file: string): z.infer<typeof Note> | null {
  try {
    return Note.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}
