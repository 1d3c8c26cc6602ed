/**
 * A fuzz campaign: first strangers only, after which nothing may have changed; then anybody. No request may be answered
 * with a 5xx, hang, or get an answer that the document does not declare.
 */
import { request } from "node:http";
import { randomRequest, routesOf, type FuzzRequest } from "./requests.ts";
import type { FuzzTarget } from "./target.ts";
import { seeded } from "./values.ts";

const AT_ONCE = 16;
const HANG_MS = 20_000;
const MOST_COMPLAINTS = 20;
/**
 * The 5xx that are answers: a deployment without mail says so, and so does one whose Postgres took longer than the five
 * seconds it is given, which a busy machine brings about now and then; of those only so many are believed.
 */
const HONEST = new Set(["mail-unavailable", "records-unavailable"]);
const MOST_LATE = 0.01;

export interface Outcome {
  readonly requests: number;
  /** Answered `records-unavailable`. */
  readonly late: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly complaints: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly code: string | null;
}

export async function fuzz(target: FuzzTarget, seed: number, requests: number): Promise<Outcome> {
  const routes = await routesOf(target.origin);
  const random = seeded(seed);
  const byStatus: Record<string, number> = {};
  let late = 0;
  const complaints: string[] = [];
  const complain = (sentence: string): void => {
    if (complaints.length < MOST_COMPLAINTS) complaints.push(sentence);
  };

  async function one(stranger: boolean): Promise<void> {
    const made = randomRequest(random, target, routes, stranger);
    const named = `${made.method} ${made.path.slice(0, 160)} ${JSON.stringify(made.headers).slice(0, 300)} ${made.body?.toString("utf8").slice(0, 200) ?? ""}`;
    const answer = await send(target.origin, made).catch((error: unknown) => String(error));
    if (typeof answer === "string") return complain(`${answer}: ${named}`);
    const { status, code } = answer;
    byStatus[status] = (byStatus[status] ?? 0) + 1;
    if (code === "records-unavailable") late += 1;
    if (status >= 500 && !(code !== null && HONEST.has(code))) complain(`${status} ${code}: ${named}`);
    const { route } = made;
    if (route === null) return;
    const declared = route.statuses.has(String(status)) && (code === null || route.codes.has(code));
    if (!declared) complain(`${status} ${code} is not declared: ${named}`);
  }

  async function many(count: number, stranger: boolean): Promise<void> {
    let left = count;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (left-- > 0 && complaints.length < MOST_COMPLAINTS) await one(stranger);
      }),
    );
  }

  const before = await target.snapshot();
  await many(Math.floor(requests / 2), true);
  const after = await target.snapshot();
  if (after !== before) complain(`a stranger has changed something:\n${before}\n${after}`);
  await many(requests - Math.floor(requests / 2), false);
  if (late > requests * MOST_LATE) complain(`the records did not answer in time for ${late} requests`);
  return { late, requests: Object.values(byStatus).reduce((sum, count) => sum + count, 0), byStatus, complaints };
}

function send(origin: string, { method, path, headers, body }: FuzzRequest): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const length = body === null ? {} : { "content-length": String(body.length) };
    const asked = request({ hostname, port, method, path, headers: { ...headers, ...length }, agent: false });
    const late = setTimeout(() => asked.destroy(new Error("no answer")), HANG_MS);
    const done = (answer: Answer): void => {
      clearTimeout(late);
      resolve(answer);
    };
    asked.on("upgrade", (_response, socket) => {
      socket.destroy();
      done({ status: 101, code: null });
    });
    asked.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => {
        const isProblem = response.headers["content-type"]?.startsWith("application/problem+json") === true;
        done({ status: response.statusCode ?? 0, code: isProblem && text !== "" ? codeOf(text) : null });
      });
    });
    asked.on("error", (error) => {
      clearTimeout(late);
      reject(error);
    });
    asked.end(body ?? undefined);
  });
}

function codeOf(text: string): string {
  const problem: unknown = JSON.parse(text);
  return problem instanceof Object && "code" in problem ? String(problem.code) : "none";
}
