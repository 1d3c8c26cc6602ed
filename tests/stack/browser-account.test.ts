/** An account's whole life in a real browser: signing up, the mails' links, the password, leaving. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { z } from "zod";
import { demoAdmin, demoPassword } from "../../dev/demo/accounts.ts";
import { look, plainly } from "./axe.ts";
import type { Visit } from "./browser.ts";
import type { House } from "./house.ts";
import { DESK, onStage, type Stage } from "./stage.ts";

const letters = z.object({ items: z.array(z.object({ text: z.string() })) });

let stage: Stage;
let house: House;

onStage((set) => {
  stage = set;
  ({ house } = set);
});

/** What stands in the newest mail to an address, once there is one that says this. */
async function linkOf(email: string, path: string): Promise<string> {
  const found = async (): Promise<string | undefined> => {
    const answer = await fetch(`${house.where.inboxUrl}/mails?to=${encodeURIComponent(email)}`);
    const [newest] = letters.parse(await answer.json()).items;
    return new RegExp(`https?://\\S+${path}#\\S+`).exec(newest?.text ?? "")?.[0];
  };
  await expect.poll(found, { timeout: 20_000 }).toBeDefined();
  return (await found()) ?? "";
}

it("an organisation is asked for, approved, and joined by invitation", async () => {
  const begin = () => stage.visit(DESK);
  const signUp = async (visit: Visit, email: string, next: string): Promise<void> => {
    await visit.page.goto(`/signup?next=${encodeURIComponent(next)}`);
    await visit.page.fill("#nickname", email.split("@")[0] ?? "");
    await visit.page.fill("#email", email);
    await visit.page.fill("#password", "correct horse");
    await visit.press("signup");
    await visit.page.waitForURL((url) => url.pathname === next);
  };
  const founder = await begin();
  await signUp(founder, "founder@ticketping.test", "/organisations");
  await look(founder, "organisations-none", { dark: false });
  await visitAsks(founder, "극단 브라우저");
  const admin = await begin();
  await admin.page.goto("/login?next=%2Fadmin");
  await admin.signIn(demoAdmin.email, demoPassword);
  const mine = admin.page.locator('[data-case="극단 브라우저"]');
  await mine.locator('[data-action="approved"]').click();
  await mine.locator('[data-action="suspended"]').waitFor();
  await look(admin, "admin");

  await founder.page.reload();
  await founder.page.locator('[data-action="invite"]').waitFor();
  await founder.page.locator('input[type="email"]').fill("guest@ticketping.test");
  await founder.press("invite");
  await shown(founder.page, "초대 메일을 보냈습니다");
  await look(founder, "organisations");
  const guest = await begin();
  await guest.page.goto(await linkOf("guest@ticketping.test", "/invitation"));
  await look(guest, "invitation");
  await signUp(guest, "guest@ticketping.test", "/invitation");
  await guest.press("accept-invitation");
  await shown(guest.page, "이제 극단 브라우저의 구성원입니다.");
  await founder.page.reload();
  await shown(founder.page, "guest@ticketping.test");
  expect(await founder.page.locator('[data-action="remove-person"]').count()).toBe(2);
  for (const visit of [founder, admin, guest]) {
    expect(visit.complaints.filter((text) => !/40[13]/.test(text))).toEqual([]);
  }
});

async function visitAsks(visit: Visit, name: string): Promise<void> {
  await visit.page.fill("#name", name);
  await visit.press("ask-organisation");
  await visit.page.locator(`[data-organisation="${name}"]`).waitFor();
}

const shown = (page: Page, text: string) => page.getByText(text).first().waitFor();

it("a member signs up, confirms, forgets, resets, changes and leaves", async () => {
  const email = "browser@ticketping.test";
  const visit = await stage.visit(DESK);
  const { page } = visit;
  await page.goto("/signup?next=%2Faccount");
  await visit.press("signup");
  const wrong = page.locator('[aria-invalid="true"]');
  expect(await wrong.count()).toBe(3);
  // What is wrong with a field is said until it is right: not until the next press, and not before it is.
  await page.fill("#nickname", "브라우저");
  await expect.poll(() => wrong.count()).toBe(2);
  await page.fill("#email", "browser@");
  await shown(page, "이메일 형식을 확인해 주세요.");
  await page.fill("#email", demoAdmin.email);
  await page.fill("#password", "correct horse");
  await expect.poll(() => wrong.count()).toBe(0);
  expect(await page.innerText(".form-message")).toBe("");
  expect(await page.locator("#password:focus").count()).toBe(1);
  // What only the server knows is taken back with the first change.
  await visit.press("signup");
  await page.waitForSelector('#email[aria-invalid="true"]:focus');
  await page.fill("#email", email);
  await expect.poll(() => wrong.count()).toBe(0);
  await visit.press("signup");
  await page.waitForURL(/\/account$/);
  await page.waitForSelector('[data-action="verification"]');
  await look(visit, "account");

  const link = await linkOf(email, "/verify");
  await page.goto(house.where.inboxUrl);
  await plainly(stage.browser, page, "inbox");
  await page.locator(`details[open] a[href="${link}"]`).click();
  await shown(page, "이메일 주소를 확인했습니다.");
  expect(new URL(page.url()).hash).toBe("");
  await look(visit, "verify");
  await page.goto("/account");
  await shown(page, "확인됨");
  expect(await page.locator('[data-action="verification"]').count()).toBe(0);

  await page.fill("#nickname", "새 이름");
  await visit.press("nickname");
  await shown(page, "저장했습니다.");
  await page.fill("#current", "not it at all");
  await page.fill("#password", "short");
  await visit.press("change-password");
  await shown(page, "비밀번호는 8자 이상이어야 합니다.");
  await page.fill("#password", "battery staple");
  await visit.press("change-password");
  await shown(page, "현재 비밀번호가 맞지 않습니다.");
  expect(await page.getAttribute("#current", "aria-invalid")).toBe("true");
  await look(visit, "account-wrong-password", { dark: false });
  await page.fill("#current", "correct horse");
  await visit.press("change-password");
  await shown(page, "비밀번호를 바꿨습니다.");
  await visit.press("sign-out-everywhere");
  await page.waitForURL((url) => url.pathname === "/");

  await page.goto("/forgot");
  await look(visit, "forgot");
  await page.fill("#email", email);
  await visit.press("forgot");
  await shown(page, "메일이 도착합니다");
  await look(visit, "forgot-sent", { dark: false });
  await page.goto(await linkOf(email, "/reset"));
  await page.waitForSelector("#password");
  await look(visit, "reset");
  await page.fill("#password", "third password");
  await visit.press("reset");
  await shown(page, "새 비밀번호를 정했습니다.");
  await look(visit, "reset-done", { dark: false });

  await page.goto("/login?next=%2Faccount");
  await visit.signIn(email, "third password");
  await page.waitForURL(/\/account$/);
  expect(await page.inputValue("#nickname")).toBe("새 이름");
  await page.click("summary");
  await look(visit, "leaving");
  await page.fill("#withdrawal-password", "third password");
  await visit.press("withdraw");
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto("/login");
  await visit.signIn(email, "third password");
  await shown(page, "이메일 또는 비밀번호가 맞지 않습니다.");
  expect(visit.complaints.filter((text) => !/40[139]/.test(text))).toEqual([]);
});
