/** Somebody else has a key: it is revoked by the script of the runbook, the new set is deployed, and whose it was go on. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { readKeySet, type KeyName } from "../../dev/key-sets.ts";
import { PORTS } from "../../dev/ports.ts";
import { formatVar, parseVars, readSecrets } from "../../dev/secrets.ts";
import { startStack } from "../../dev/stack.ts";
import { Buyer } from "./buyer.ts";
import { House, type Show } from "./house.ts";
import { freePorts } from "./ports.ts";
import { script } from "./recovering.ts";

const PATIENCE = { timeout: 60_000, interval: 200 };
const tickets = z.object({ items: z.array(z.looseObject({ token: z.string(), code: z.string() })) });
const sets = z.object({ SESSION_KEYS: z.string(), PASS_KEYS: z.string(), TICKET_KEYS: z.string() });
const scans = z.object({ items: z.array(z.looseObject({ result: z.string(), letIn: z.boolean() })) });

let dataDir: string;
let port: number;
/** Where the deployment's sets are kept. */
let file: string;
let house: House;
let show: Show;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), "ticketping-keys-"));
  port = await freePorts(PORTS);
  file = path.join(dataDir, "deployed.vars");
  const { SESSION_KEYS, PASS_KEYS, TICKET_KEYS } = readSecrets();
  const lines = Object.entries({ SESSION_KEYS, PASS_KEYS, TICKET_KEYS }).map(([name, value]) => formatVar(name, value));
  writeFileSync(file, lines.join(""), { mode: 0o600 });
  await start();
  show = await house.open({ title: "잃은 열쇠", rows: 1, columns: 4, settings: { capacity: 1 } });
});

afterAll(async () => {
  await house?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const deployed = (): Readonly<Record<KeyName, string>> => sets.parse(parseVars(readFileSync(file, "utf8")));

async function start(): Promise<void> {
  const stack = await startStack({ dataDir, port, demoData: false, settings: deployed() });
  house = await House.visit(stack, () => stack.stop());
}

/** As an engineer does it: list, revoke the one that is known elsewhere, deploy. */
async function revoke(name: KeyName): Promise<void> {
  const [stolen = ""] = readKeySet(deployed()[name], name).keys.map(({ kid }) => kid);
  const listed = await script("dev/keys.ts", ["list", "--file", file]);
  expect(listed.output).toMatch(new RegExp(`${stolen} +signs`));
  const done = await script("dev/keys.ts", ["revoke", name, "--kid", stolen, "--file", file]);
  expect(done).toMatchObject({ status: 0, output: expect.stringContaining("npx wrangler secret put") });
  const shown = await script("dev/keys.ts", ["show", name, "--file", file]);
  expect(shown.output).not.toContain(stolen);
  expect(deployed()[name]).toBe(shown.output);
  await house.close();
  await start();
  const published = await fetch(new URL("/.well-known/jwks.json", house.where.origin));
  expect(await published.text()).not.toContain(stolen);
}

it("of passes and queue tickets: they end, and nobody loses a place", async () => {
  const inside = await Buyer.inside(house, show);
  const waiting = new Buyer(house, show, (await house.member()).token);
  const { number, queueTicket } = await waiting.join();
  await revoke("PASS_KEYS");
  const holder = new Buyer(house, show, inside.token);
  holder.pass = inside.pass;
  await expect(holder.hold(["r1s1"])).rejects.toMatchObject({ status: 403, code: "pass-invalid" });
  const headers = { "queue-ticket": queueTicket };
  const asked = house.api.call(`GET /api/performances/${show.id}/queue`, z.unknown(), { headers });
  await expect(asked).rejects.toMatchObject({ status: 401 });
  await holder.enter();
  expect((await holder.hold(["r1s1"])).seats).toHaveLength(1);
  const again = await new Buyer(house, show, waiting.token).join();
  expect(again).toMatchObject({ number, state: "waiting" });
  const renewed = { "queue-ticket": again.queueTicket };
  expect(
    await house.api.call(`GET /api/performances/${show.id}/queue`, z.unknown(), { headers: renewed }),
  ).toMatchObject({ number });
});

it("of tickets: what is printed opens no door any more, its code does, and the page has new ones", async () => {
  show = await house.open({ title: "잃은 표", rows: 1, columns: 4 });
  const buyer = await Buyer.inside(house, show);
  const { id } = await buyer.buy(["r1s2", "r1s3"]);
  const own = async (): Promise<z.infer<typeof tickets>["items"]> =>
    (await house.api.call(`GET /api/orders/${id}/tickets`, tickets, { token: buyer.token })).items;
  await expect.poll(async () => (await own()).length, PATIENCE).toBe(2);
  const [first, second] = await own();
  await revoke("TICKET_KEYS");
  const scanned = async (what: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const body = { device: "정문", scans: [{ id: crypto.randomUUID(), ...what }] };
    const door = `POST /api/door/performances/${show.id}/schedules/${show.scheduleId}/scans`;
    return (await house.api.call(door, scans, { token: house.organiser, body })).items[0];
  };
  expect(await scanned({ token: first?.token })).toMatchObject({ result: "not-a-ticket", letIn: false });
  expect(await scanned({ code: first?.code })).toMatchObject({ result: "admitted", letIn: true });
  const fresh = (await own()).find(({ code }) => code === second?.code);
  expect(fresh?.token).not.toBe(second?.token);
  expect(await scanned({ token: fresh?.token })).toMatchObject({ result: "admitted", letIn: true });
});
