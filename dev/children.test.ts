/** What must hold when processes die in the wrong order. Real processes: the point is what the system does with them. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Children, projectRoot } from "./children.ts";
import { findProcess, listProcesses } from "./process-table.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), "ticketping-children-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A command that starts a second process, and ignores a polite request to end; `mark` finds both in the process table. */
const stubborn = (mark: string): string[] => [
  process.execPath,
  "-e",
  `process.on("SIGTERM", () => {}); require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "${mark}"]); setInterval(() => {}, 1000)`,
  mark,
];
const family = (mark: string): number => listProcesses().filter((entry) => entry.command.includes(mark)).length;
const untilFamily = async (mark: string, size: number): Promise<void> => {
  await vi.waitFor(() => expect(family(mark)).toBe(size), { timeout: 12_000, interval: 50 });
};

describe("a child", () => {
  it("is stopped with everything it started, even when it ignores the request", async () => {
    const children = await Children.takeOver(dataDir);
    const mark = path.join(dataDir, "stubborn");
    const child = children.start("Stubborn", stubborn(mark), { logFile: path.join(dataDir, "log") });
    await untilFamily(mark, 3);
    await child.stop();
    expect(family(mark)).toBe(0);
    children.release();
  }, 20_000);

  it("takes its family along when it is killed", async () => {
    const children = await Children.takeOver(dataDir);
    const mark = path.join(dataDir, "killed");
    const child = children.start("Killed", stubborn(mark), { logFile: path.join(dataDir, "log") });
    await untilFamily(mark, 3);
    process.kill(child.pid, "SIGKILL");
    expect((await child.exited).words).toBe("was ended by SIGKILL");
    await untilFamily(mark, 0);
  }, 20_000);

  it("says how it ended, and leaves the note", async () => {
    const children = await Children.takeOver(dataDir);
    const child = children.start("Short", [process.execPath, "-e", "process.exit(3)"], {
      logFile: path.join(dataDir, "log"),
    });
    expect(await child.exited).toEqual({ code: 3, words: "ended with code 3" });
    expect(readFileSync(path.join(dataDir, "pids.json"), "utf8")).not.toContain("Short");
  });
});

describe("a data folder", () => {
  it("that cannot be one is named, before anything is started", async () => {
    const file = path.join(dataDir, "file");
    writeFileSync(file, "");
    await expect(Children.takeOver(file)).rejects.toThrow(`${file} cannot be the data folder (EEXIST`);
  });
});

describe("a stack that was killed", () => {
  const owner = (mark: string): string => `
    import { Children } from ${JSON.stringify(path.join(projectRoot, "dev/children.ts"))};
    const children = await Children.takeOver(${JSON.stringify(dataDir)});
    children.start("Left", ${JSON.stringify(stubborn(mark))}, { logFile: ${JSON.stringify(path.join(dataDir, "log"))} });
    setInterval(() => {}, 1000);`;

  it("is not survived by its children for long, and keeps its folder while it lives", async () => {
    const mark = path.join(dataDir, "left");
    const script = path.join(dataDir, "owner.ts");
    writeFileSync(script, owner(mark));
    const stack = spawn(process.execPath, [script], { stdio: "inherit" });
    await untilFamily(mark, 3);
    await expect(Children.takeOver(dataDir)).rejects.toThrow("runs on");
    stack.kill("SIGKILL");
    await untilFamily(mark, 0);
  }, 20_000);

  it("has its leftovers ended by the next start, and nobody else's", async () => {
    const bystander = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const leftover = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const noted = (pid: number | undefined) => ({ name: "x", pid, startedAt: findProcess(pid ?? 0)?.startedAt });
    const note = {
      owner: { name: "stack", pid: 2 ** 22 + 1, startedAt: "0" },
      // The bystander has a pid that was once ours: its start time differs.
      children: [noted(leftover.pid), { ...noted(bystander.pid), startedAt: "long ago" }],
    };
    writeFileSync(path.join(dataDir, "pids.json"), JSON.stringify(note));
    const children = await Children.takeOver(dataDir);
    expect(findProcess(leftover.pid ?? 0)).toBeNull();
    expect(findProcess(bystander.pid ?? 0)).not.toBeNull();
    bystander.kill("SIGKILL");
    children.release();
  });
});
