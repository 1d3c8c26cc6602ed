/** Finds k6, or builds the pinned version with Go. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { Failure } from "../dev/failure.ts";

/** The version the scripts were written for; any 1.x reads TypeScript as it is. */
const PINNED = "v1.8.1";
const MAJOR_LEAST = 1;

export function findK6(log: (line: string) => void): string {
  const known = works("k6");
  if (known !== null) return known;
  const bin = goBin();
  const built = bin === null ? null : works(path.join(bin, "k6"));
  if (built !== null) return built;
  if (bin === null || spawnSync("go", ["version"]).status !== 0) {
    throw new Failure(
      "k6 is not installed: get it from https://grafana.com/docs/k6/latest/set-up/install-k6/, or install Go, and it is built here.",
    );
  }
  log(`k6 is not installed: building ${PINNED} with Go, once. This takes a few minutes.`);
  const { status } = spawnSync("go", ["install", `go.k6.io/k6@${PINNED}`], { stdio: "inherit" });
  const fresh = status === 0 ? works(path.join(bin, "k6")) : null;
  if (fresh === null) throw new Failure(`k6 ${PINNED} could not be built with Go: see above.`);
  return fresh;
}

function works(command: string): string | null {
  const { status, stdout } = spawnSync(command, ["version"], { encoding: "utf8" });
  const major = /^k6(?:\.exe)? v(\d+)\./.exec(stdout ?? "")?.[1];
  return status === 0 && major !== undefined && Number(major) >= MAJOR_LEAST ? command : null;
}

/** Where `go install` puts programs; null without Go, unless the environment names the folder. */
function goBin(): string | null {
  const named = process.env["GOBIN"] ?? "";
  if (named !== "") return named;
  const { status, stdout } = spawnSync("go", ["env", "GOBIN", "GOPATH"], { encoding: "utf8" });
  if (status !== 0) return null;
  const [own = "", gopath = ""] = stdout.split("\n");
  return own === "" ? path.join(gopath.split(path.delimiter)[0] ?? "", "bin") : own;
}
