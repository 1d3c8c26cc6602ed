/**
 * What runs on this machine, just enough to recognise our own processes after a crash.
 * Linux is read from /proc, because slim images have no `ps`; elsewhere `ps` answers.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface ProcessEntry {
  readonly pid: number;
  readonly group: number;
  /** Opaque; equal only for the same life of a pid, since pids are used again. */
  readonly startedAt: string;
  readonly command: string;
}

export function listProcesses(): ProcessEntry[] {
  if (!existsSync("/proc/self/stat")) return listWithPs();
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync("/proc")) {
    const entry = /^\d+$/.test(name) ? readFromProc(Number(name)) : null;
    if (entry) entries.push(entry);
  }
  return entries;
}

export function findProcess(pid: number): ProcessEntry | null {
  if (existsSync("/proc/self/stat")) return readFromProc(pid);
  return listWithPs().find((entry) => entry.pid === pid) ?? null;
}

/** Whether a process works inside a folder: how Postgres' own children are found, whose command line names none. */
export function worksInside(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
}

/** A zombie counts as gone: it holds no port, no file, and answers to nobody. */
function readFromProc(pid: number): ProcessEntry | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the name in parentheses and may hold anything, so count from its end: 3 is the state,
    // 5 the process group, 22 the start time in ticks since boot (proc_pid_stat(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { pid, group: Number(fields[2]), startedAt: fields[19] ?? "", command };
  } catch {
    return null;
  }
}

function listWithPs(): ProcessEntry[] {
  const text = execFileSync("ps", ["-A", "-o", "pid=,pgid=,state=,lstart=,command="], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  const entries: ProcessEntry[] = [];
  for (const line of text.split("\n")) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w{3} \w{3}\s+\d+ [\d:]+ \d{4})\s+(.*)$/.exec(line);
    if (!match || match[3]?.startsWith("Z")) continue;
    entries.push({
      pid: Number(match[1]),
      group: Number(match[2]),
      startedAt: match[4] ?? "",
      command: match[5] ?? "",
    });
  }
  return entries;
}
