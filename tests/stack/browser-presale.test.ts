/** A sale that asks for something before joining, as a fan and its organiser meet it in a browser. */
import { readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { demoFans, demoOrganiser, demoPassword } from "../../dev/demo/accounts.ts";
import { startVerifier, type RunningVerifier } from "../../dev/verifier/server.ts";
import { look } from "./axe.ts";
import type { Visit } from "./browser.ts";
import type { House, Show } from "./house.ts";
import { onStage, PHONE, type Stage } from "./stage.ts";

let stage: Stage;
let house: House;
let verifier: RunningVerifier;
let coded: Show;
let asked: Show;
let codes: readonly string[];

onStage(async (set) => {
  verifier = await startVerifier(0);
  stage = set;
  ({ house } = set);
  coded = await house.open({ title: "코드", rows: 2, columns: 5, settings: { verification: "codes" } });
  asked = await house.open({ title: "인증", rows: 2, columns: 5, settings: { verification: "verifier" } });
});

afterAll(async () => {
  await verifier?.close();
});

/** Somebody signed in, on their way to a page. */
async function visit(email: string, target: string): Promise<Visit> {
  const one = await stage.visit(PHONE);
  await one.page.goto(`/login?next=${encodeURIComponent(target)}`);
  await one.signIn(email, demoPassword);
  return one;
}
/** Refusals are how the pages learn where to go; browsers put each on the console. */
const unexpected = ({ complaints }: Visit): string[] =>
  complaints.filter((line) => !/\b(401|403|409|422)\b/.test(line));

it("the organiser makes codes, which are downloaded once, and names a verifier, whose secret is shown once", async () => {
  const sale = await visit(demoOrganiser.email, `/organizer/sale?id=${coded.id}`);
  const { page } = sale;
  await page.waitForSelector('[data-verification="codes"]');
  await page.fill("#codes-label", "팬클럽");
  await page.fill("#codes-count", "3");
  const [download] = await Promise.all([page.waitForEvent("download"), sale.press("make-codes")]);
  codes = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\r\n");
  expect(codes).toHaveLength(3);
  await page.waitForSelector('[data-batch="1"]');
  expect(await page.locator('[data-batch="1"]').innerText()).toContain("팬클럽");
  await page.goto(`/organizer/sale?id=${asked.id}`);
  await page.waitForSelector('[data-verification="verifier"]');
  await page.fill("#verifier-url", verifier.page);
  await sale.press("set-verifier");
  verifier.use(await page.locator("[data-secret]").innerText());
  await page.reload();
  await page.waitForSelector('[data-verification="verifier"]');
  expect(await page.locator("[data-secret]").count()).toBe(0);
  expect(await page.inputValue("#verifier-url")).toBe(verifier.page);
  await look(sale, "sale-verifier", { dark: false });
  expect(unexpected(sale)).toEqual([]);
});

it("the waiting room asks for the code, says what is wrong with a wrong one, and lets in with a right one", async () => {
  const fan = await visit(demoFans[0].email, `/waiting?performance=${coded.id}`);
  const { page } = fan;
  await page.waitForURL(/\/presale\?performance=/);
  await page.waitForSelector("#code");
  await look(fan, "presale-codes");
  await fan.press("show-code");
  await page.waitForSelector("#code-error");
  await page.fill("#code", "XXXX-XXXX-XXXX-XXXX-XXXX");
  await fan.press("show-code");
  await expect
    .poll(() => page.locator("#code-error").innerText())
    .toBe("사용할 수 없는 코드입니다. 다시 확인해 주세요.");
  await look(fan, "presale-wrong-code", { dark: false });
  await page.locator("#code").press("End");
  await page.keyboard.type("X");
  await page.waitForSelector("#code-error", { state: "detached" });
  await page.fill("#code", (codes[0] ?? "").toLowerCase());
  await fan.press("show-code");
  await page.waitForURL(/\/waiting\?performance=/);
  await page.waitForSelector("#enter:visible");
  // Another tab, later: nothing is asked again, on the way from the show's page either.
  await page.goto(`/performance?id=${coded.id}`);
  await page.waitForSelector('[data-verification="codes"]');
  await fan.press("join");
  await page.waitForURL(/\/waiting\?performance=/);
  await page.waitForSelector("#enter:visible");
  expect(unexpected(fan)).toEqual([]);
});

it("a code that somebody else has used is said to be, in English too", async () => {
  const fan = await visit(demoFans[1].email, `/presale?performance=${coded.id}`);
  const { page } = fan;
  await page.waitForSelector("#code");
  await fan.press("language");
  await expect.poll(() => fan.language()).toBe("en");
  await page.fill("#code", codes[0] ?? "");
  await fan.press("show-code");
  await expect
    .poll(() => page.locator("#code-error").innerText())
    .toBe("This code or verification has been used for another account.");
});

it("a fan goes to the verifier and comes back to the queue; the same membership does not help a second account", async () => {
  const fan = await visit(demoFans[0].email, `/waiting?performance=${asked.id}`);
  await fan.page.waitForURL(/\/presale\?performance=/);
  await fan.page.waitForSelector('[data-action="verifier"]');
  await look(fan, "presale-verifier", { dark: false });
  await fan.press("verifier");
  await fan.page.waitForURL(`${verifier.page}?**`);
  await fan.page.fill("[name=member]", "1234");
  await fan.page.click("button");
  await fan.page.waitForURL(/\/waiting\?performance=/);
  await fan.page.waitForSelector("#enter:visible");
  expect(unexpected(fan)).toEqual([]);
  const other = await visit(demoFans[1].email, `/presale?performance=${asked.id}`);
  await other.press("verifier");
  await other.page.waitForURL(`${verifier.page}?**`);
  await other.page.fill("[name=member]", "1234");
  await other.page.click("button");
  await other.page.waitForURL(/\/presale\?.*problem=identity-taken/);
  await other.page.waitForSelector("text=이미 다른 계정에서 사용한 코드 또는 인증입니다.");
  await look(other, "presale-taken", { dark: false });
});
