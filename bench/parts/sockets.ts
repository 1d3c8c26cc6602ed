/** Joining while thousands of others wait on open sockets: from the request to the answer, through the edge and a lobby. */
import { Agent, request } from "node:http";
import { WebSocket } from "ws";
import { z } from "zod";
import { keySet } from "../../workers/edge/auth/keys.ts";
import { signAccess } from "../../workers/edge/auth/session.ts";
import { percentile, shown, type Measured } from "../report.ts";
import { costOf, performanceId, type Lab } from "../study.ts";
import type { Bench } from "../worker.ts";

/** One process may open 20,000 files, and the runtime takes two for each socket. */
const SOCKETS = 8_000;
const OPENING = 64;
/** Arrivals at this steady rate, whatever the answers take: a slow answer must not slow the question down. */
const JOINS_PER_SECOND = 200;

export async function joinWhileWaiting(bench: Bench, lab: Lab): Promise<Measured> {
  const id = performanceId(1);
  // Lobbies of 2,000 sockets, as the design plans them.
  await bench.ask("line", { id, lobbies: 4 }, z.object({ ok: z.literal(true) }));
  const keys = await keySet(bench.secrets.SESSION_KEYS);
  const now = Date.now();
  const token = (member: number): Promise<string> =>
    signAccess(keys, { id: memberId(member), role: "member" }, now, 3_600_000);
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const url = new URL(`/api/performances/${id}/queue`, bench.product).href;
  const live = new URL(`/api/performances/${id}/live`, bench.product).href.replace("http:", "ws:");
  const sockets: WebSocket[] = [];
  try {
    lab.say(`${SOCKETS} sockets`);
    let next = 0;
    const opening = await costOf(bench, () =>
      lines(OPENING, async () => {
        if (next >= SOCKETS) return false;
        const member = next++;
        const bearer = await token(member);
        await join(url, bearer, agent);
        sockets.push(await open(live, bearer));
        return true;
      }),
    );
    lab.say("joins among them");
    const count = JOINS_PER_SECOND * Math.max(5, lab.seconds);
    const times = await steadily(count, token, (bearer) => join(url, bearer, agent));
    const alive = sockets.filter((socket) => socket.readyState === WebSocket.OPEN).length;
    if (alive !== SOCKETS) throw new Error(`${SOCKETS - alive} of ${SOCKETS} sockets were closed`);
    return {
      value: percentile(times, 0.99),
      note:
        `${count} joins at ${JOINS_PER_SECOND} /s beside ${SOCKETS} open sockets in 4 lobbies, client on the same machine; ` +
        `median ${shown(percentile(times, 0.5))}; joining and connecting took ` +
        `${shown((opening.cpuMs * 1_000) / SOCKETS)} µs of processor time a person`,
    };
  } finally {
    for (const socket of sockets) socket.terminate();
    agent.destroy();
  }
}

async function steadily(
  count: number,
  token: (member: number) => Promise<string>,
  ask: (bearer: string) => Promise<void>,
): Promise<number[]> {
  const bearers: string[] = [];
  for (let index = 0; index < count; index++) bearers.push(await token(SOCKETS + index));
  const startedAt = performance.now();
  return Promise.all(
    bearers.map(async (bearer, index) => {
      const due = startedAt + (index * 1_000) / JOINS_PER_SECOND;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      await ask(bearer);
      return performance.now() - due;
    }),
  );
}

/** Repeats on so many lines at once until one is told that there is nothing left. */
async function lines(count: number, one: () => Promise<boolean>): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async () => {
      while (await one());
    }),
  );
}

function join(url: string, bearer: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.once("end", () => {
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`joining was answered with ${statusCode}: ${text.slice(0, 300)}`));
      });
    });
    sent.once("error", reject);
    sent.end("{}");
  });
}

function open(url: string, bearer: string): Promise<WebSocket> {
  const socket = new WebSocket(url, ["ticketping.v1", `bearer.${bearer}`], { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once("open", () => resolve(socket));
    socket.once("error", reject);
  });
}

function memberId(member: number): string {
  return `00000000-0000-4000-8000-${member.toString(16).padStart(12, "0")}`;
}
