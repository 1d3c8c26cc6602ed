import { expect, it } from "vitest";
import { isAllowedTarget } from "./target.ts";

it.each(["https://hooks.organiser.kr/ticketping?x=1", "https://한국.kr/hook"])("a webhook may lead to %s", (url) => {
  expect(isAllowedTarget(url, false)).toBe(true);
});

it.each([
  "http://hooks.organiser.kr/",
  "https://127.0.0.1/",
  "https://2130706433/",
  "https://0x7f.1/",
  "https://10.0.0.8/",
  "https://169.254.169.254/latest/meta-data",
  "https://8.8.8.8/",
  "https://[::1]/",
  "https://[::ffff:10.0.0.1]/",
  "https://localhost/",
  "https://LOCALHOST./",
  "https://db.internal/",
  "https://router.lan/",
  "https://intranet/",
  "https://user:word@hooks.organiser.kr/",
  "https://hooks.organiser.kr:8443/",
  "ftp://hooks.organiser.kr/",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "not an address",
  `https://hooks.organiser.kr/${"x".repeat(500)}`,
])("and never to %s", (url) => {
  expect(isAllowedTarget(url, false)).toBe(false);
});

it("leads to this machine only on this machine", () => {
  expect(isAllowedTarget("http://127.0.0.1:9000/hook", true)).toBe(true);
  expect(isAllowedTarget("http://127.0.0.1:9000/hook", false)).toBe(false);
  expect(isAllowedTarget("http://10.0.0.8/hook", true)).toBe(false);
});
