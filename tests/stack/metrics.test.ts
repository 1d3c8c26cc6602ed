/** The figures of a running sale, as a real Prometheus scrapes them and as an engineer on call asks them. */
import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startPrometheus } from "../../dev/prometheus.ts";
import { answersOf } from "../../dev/operations/questions.ts";
import { readSecrets } from "../../dev/secrets.ts";
import { promtool, runPromtool } from "../operations/promtool.ts";
import { Buyer } from "./buyer.ts";
import { startHouse, type House, type Show } from "./house.ts";
import { freePorts } from "./ports.ts";

let house: House;
let show: Show;
let receiver: Server;
const told: { readonly alerts: readonly { readonly alert: string; readonly state: string }[] }[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    request.on("end", () => {
      told.push(JSON.parse(text) as (typeof told)[number]);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const address = receiver.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  house = await startHouse({ demoData: false, settings: { ALERT_WEBHOOK_URL: `http://127.0.0.1:${address.port}/` } });
  show = await house.open({ title: "계기판", rows: 1, columns: 2 });
});

afterAll(async () => {
  await house?.close();
  receiver?.close();
});

const scrape = async (accept = "*/*"): Promise<string> => {
  const headers = { authorization: `Bearer ${readSecrets().METRICS_TOKEN}`, accept };
  return (await fetch(new URL("/metrics", house.where.origin), { headers })).text();
};

describe("a running sale", () => {
  it("has figures that follow it, fit for promtool, and answers to the four questions", async () => {
    const buyer = await Buyer.inside(house, show);
    await buyer.buy(["r1s1"]);
    await expect.poll(async () => (await house.figures(show)).outboxDepth, { timeout: 30_000 }).toBe(0);
    let text = "";
    const of = (name: string): number => {
      const line = text.split("\n").find((one) => one.startsWith(name) && one.includes(show.id));
      return Number(line?.split(" ").at(-1));
    };
    // A lobby's own figures travel with its next batch, once a second at most.
    const counted = async (): Promise<number> => {
      await house.api.call(`GET /api/performances/${show.id}/queue`, z.unknown(), { token: buyer.token });
      text = await scrape();
      return of("ticketping_command_seconds_count");
    };
    await expect.poll(counted, { timeout: 30_000 }).toBeGreaterThan(0);
    expect(of("ticketping_admitted_total")).toBe(1);
    expect(of("ticketping_overshoot_total")).toBe(0);
    expect(of("ticketping_holds_made_total")).toBe(1);
    expect(of(`ticketping_seats{performance="${show.id}",status="sold"`)).toBe(1);
    expect(of(`ticketping_payment_answers_total{performance="${show.id}",outcome="approved"`)).toBe(1);
    expect(of("ticketping_records_lag_seconds_count")).toBeGreaterThan(0);
    expect(text).toContain('ticketping_records_ledger_imbalance{currency="KRW"} 0\n');
    expect(
      answersOf(text)
        .get(show.id)
        ?.map(({ question, ok }) => [question, ok]),
    ).toEqual([
      ["fair", true],
      ["full", true],
      ["selling", true],
      ["money", true],
    ]);
    if (promtool) expect(runPromtool(["check", "metrics"], await scrape("text/plain"))).toEqual({ ok: true, said: "" });
  });

  it("is told by npm run questions to whoever is on call", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["dev/questions.ts", "--url", house.where.origin], {
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    const said = stdout.slice(stdout.indexOf(show.id));
    expect(Array.from(said.matchAll(/^ {2}(✓|✗) (\w+)/gm), ([, mark, question]) => `${mark} ${question}`)).toEqual([
      "✓ fair",
      "✓ full",
      "✓ selling",
      "✓ money",
    ]);
    expect(said).toContain("1 seats sold");
  });

  it.skipIf(!promtool)("is scraped by a real Prometheus, which evaluates our rules over it", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "ticketping-prometheus-"));
    const prometheus = await startPrometheus({
      ...{ port: await freePorts(1), folder, origin: house.where.origin },
      ...{ token: readSecrets().METRICS_TOKEN, everySeconds: 1 },
    });
    try {
      const up = async (): Promise<unknown> =>
        (await prometheus.query('up{job="ticketping"}')).map(({ value }) => value);
      await expect.poll(up, { timeout: 30_000 }).toEqual([1]);
      const sold = await prometheus.query(`ticketping_seats{performance="${show.id}",status="sold"}`);
      expect(sold.map(({ value }) => value)).toEqual([1]);
      await expect
        .poll(async () => (await prometheus.query("count(ticketping_phase)")).length, { timeout: 10_000 })
        .toBe(1);
    } finally {
      await prometheus.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("tells a receiver that it is sold out, once, and that seats are back", async () => {
    const minute = async (): Promise<void> => {
      const answer = await fetch(new URL("/cdn-cgi/handler/scheduled", house.where.origin));
      expect(answer.ok).toBe(true);
    };
    const heard = (): readonly string[] =>
      told.flatMap(({ alerts }) => alerts.filter(({ alert }) => alert === "sold-out").map(({ state }) => state));
    const buyer = await Buyer.inside(house, show);
    const order = await buyer.buy(["r1s2"]);
    await expect.poll(async () => (await house.figures(show)).status.phase, { timeout: 20_000 }).toBe("soldout");
    await minute();
    await expect.poll(heard, { timeout: 20_000 }).toEqual(["firing"]);
    await minute();
    await buyer.cancel(order.id);
    await expect.poll(async () => (await house.figures(show)).status.phase, { timeout: 20_000 }).toBe("open");
    await minute();
    await expect.poll(heard, { timeout: 20_000 }).toEqual(["firing", "resolved"]);
  });
});
