import { describe, expect, it } from "vitest";
import { paymentSettings } from "./settings.ts";

const urls = {
  TOSS_API_URL: "https://api.tosspayments.com",
  TOSS_SDK_URL: "https://js.tosspayments.com/v2/standard",
  STRIPE_API_URL: "https://api.stripe.com",
  STRIPE_SDK_URL: "https://js.stripe.com/clover/stripe.js",
};
const live = { ...urls, PAYMENTS_MODE: "live" };
const stripeKeys = {
  STRIPE_PUBLISHABLE_KEY: "pk_live_x",
  STRIPE_SECRET_KEY: "sk_live_x",
  STRIPE_WEBHOOK_SECRET: "whsec_12345678",
};

describe("settings of payments", () => {
  it("switch a provider on by all its keys, and off by none", () => {
    expect(paymentSettings(live)).toMatchObject({ toss: null, stripe: null, problems: [] });
    const both = { ...live, ...stripeKeys, TOSS_CLIENT_KEY: "live_ck_x", TOSS_SECRET_KEY: "live_gsk_x" };
    expect(paymentSettings(both)).toMatchObject({
      toss: { secretKey: "live_gsk_x" },
      stripe: { secretKey: "sk_live_x" },
      problems: [],
    });
  });

  it.each([
    ["half the keys", { ...live, STRIPE_SECRET_KEY: "sk_live_x" }, "STRIPE_WEBHOOK_SECRET is missing"],
    ["a test key in production", { ...live, ...stripeKeys, STRIPE_SECRET_KEY: "sk_test_x" }, "not a live key"],
    ["a live key in a sandbox", { ...live, ...stripeKeys, PAYMENTS_MODE: "sandbox" }, 'PAYMENTS_MODE is "sandbox"'],
    ["another host", { ...live, ...stripeKeys, STRIPE_API_URL: "http://127.0.0.1:9" }, "STRIPE_API_URL is not the"],
    ["no URL", { ...live, ...stripeKeys, STRIPE_SDK_URL: "" }, "STRIPE_SDK_URL is not a URL"],
  ])("say what is wrong with %s, and never a value", (_name, env, sentence) => {
    const { stripe, problems } = paymentSettings(env);
    expect(stripe).toBeNull();
    expect(problems.join(" ")).toContain(sentence);
    expect(problems.join(" ")).not.toContain("live_x");
  });

  it("name who is not offered for the moment, without touching keys, and what is no provider", () => {
    const env = { ...live, ...stripeKeys, PROVIDERS_OFF: "stripe, toss" };
    expect(paymentSettings(env)).toMatchObject({ off: new Set(["stripe", "toss"]), problems: [] });
    expect(paymentSettings(env).stripe?.secretKey).toBe("sk_live_x");
    for (const PROVIDERS_OFF of ["none", "", " "])
      expect(paymentSettings({ ...env, PROVIDERS_OFF })).toMatchObject({ off: new Set(), problems: [] });
    const { problems } = paymentSettings({ ...env, PROVIDERS_OFF: "tos" });
    expect(problems).toEqual(["PROVIDERS_OFF names tos, which is no provider."]);
  });

  it("ask Toss for an error only with test keys", () => {
    const keys = { ...urls, TOSS_TEST_CODE: "REJECT_CARD_PAYMENT" };
    const test = { ...keys, PAYMENTS_MODE: "sandbox", TOSS_CLIENT_KEY: "test_ck_x", TOSS_SECRET_KEY: "test_sk_x" };
    expect(paymentSettings(test)).toMatchObject({ toss: { testCode: "REJECT_CARD_PAYMENT" }, problems: [] });
    expect(paymentSettings({ ...test, TOSS_TEST_CODE: "" }).toss?.testCode).toBeNull();
    const real = { ...keys, PAYMENTS_MODE: "live", TOSS_CLIENT_KEY: "live_ck_x", TOSS_SECRET_KEY: "live_sk_x" };
    const { toss, problems } = paymentSettings(real);
    expect([toss, problems.length]).toEqual([null, 1]);
    expect(problems[0]).toContain("TOSS_TEST_CODE");
  });

  it("need a mode", () => {
    expect(paymentSettings({ ...urls, PAYMENTS_MODE: "" }).problems).toHaveLength(1);
  });
});
