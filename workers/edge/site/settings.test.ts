/** Which origins a held site may have: what whoever deploys names by mistake is refused before anybody is led there. */
import { describe, expect, it } from "vitest";
import { siteOf, sitesOf } from "./settings.ts";

const PERFORMANCE = "6b1f0000-0000-4000-8000-000000000000";
const setting = (origin: string, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify([
    { name: "shop", host: "shop.example.org", origin, performance: PERFORMANCE, onFailure: "hold", ...more },
  ]);

describe("an origin", () => {
  it.each([
    ["https://origin.example.org", false],
    ["https://origin.example.org/", false],
    ["https://origin.example.org:8443", false],
    ["http://127.0.0.1:3000", true],
    ["http://localhost:3000", true],
    ["http://[::1]:3000", true],
  ])("%s is taken (on a laptop: %s)", (origin, local) => expect(sitesOf(setting(origin), local)).toHaveLength(1));

  it.each([
    ["http://origin.example.org", "is not encrypted"],
    ["https://shop.example.org", "is the held host itself"],
    ["https://user:secret@origin.example.org", "has a user name or a password"],
    ["https://origin.example.org/below", "is more than a scheme and a host"],
    ["https://origin.example.org/?a=1", "is more than a scheme and a host"],
    ["https://origin.example.org/#a", "is more than a scheme and a host"],
    ["https://127.0.0.1", "is not on the internet"],
    ["https://2130706433", "is not on the internet"],
    ["https://0x7f.1", "is not on the internet"],
    ["https://169.254.169.254", "is not on the internet"],
    ["https://10.0.0.1:8080", "is not on the internet"],
    ["https://[fd00::1]", "is not on the internet"],
    ["https://[::ffff:127.0.0.1]", "is not on the internet"],
    ["https://localhost", "is not on the internet"],
    ["https://metadata.google.internal", "is not on the internet"],
    ["https://router.lan.", "is not on the internet"],
    ["https://origin", "is not on the internet"],
  ])("%s %s", (origin, reason) => {
    expect(() => sitesOf(setting(origin), false)).toThrow(reason);
    expect(() => siteOf({ SITES: setting(origin), SITE_SECRETS: "{}" } as never, new URL("https://x/"))).toThrow(
      reason,
    );
  });

  it.each(["ftp://origin.example.org", "file:///etc/passwd", "javascript:alert(1)", "origin.example.org", ""])(
    "%j is none",
    (origin) => expect(() => sitesOf(setting(origin), true)).toThrow(),
  );

  it("of a laptop is refused where it is none", () => {
    expect(() => sitesOf(setting("http://127.0.0.1:3000"), false)).toThrow("is not encrypted");
    expect(() => sitesOf(setting("http://10.0.0.1:3000"), true)).toThrow("is not encrypted");
  });
});

it("limits have a default, and no site may ask for more than the platform gives", () => {
  expect(sitesOf(setting("https://origin.example.org"), false)).toMatchObject([
    { bodyMegabytes: 10, originSeconds: 60 },
  ]);
  for (const more of [{ bodyMegabytes: 101 }, { bodyMegabytes: 0 }, { originSeconds: 101 }, { originSeconds: 0.5 }])
    expect(() => sitesOf(setting("https://origin.example.org", more), false)).toThrow();
});
