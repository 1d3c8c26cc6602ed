/** Prometheus's own tools, where they are installed (Debian: apt-get install prometheus; .ci/run does). */
import { spawnSync } from "node:child_process";

export const promtool = spawnSync("promtool", ["--version"]).status === 0;
if (!promtool)
  console.warn("promtool is not installed (Debian's package is called prometheus): its checks are left out.");

/** Runs promtool; what it says is part of the result, so that a failing test shows it. */
export function runPromtool(args: readonly string[], input = ""): { readonly ok: boolean; readonly said: string } {
  const { status, stdout, stderr } = spawnSync("promtool", [...args], { input, encoding: "utf8" });
  return { ok: status === 0, said: `${stdout}${stderr}`.trim() };
}
