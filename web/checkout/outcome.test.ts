import { describe, expect, it } from "vitest";
import { failKind, orderOfAttempt, payState, shownCode } from "./outcome.ts";

const attempt = (status: string) => ({
  number: 1,
  provider: "toss",
  method: "CARD",
  amount: 1,
  status,
  declineMessage: null,
  receiptUrl: null,
  settledAt: null,
  deposit: null,
});

describe("paying for an order", () => {
  it.each([
    ["pending", [], 5, "payable"],
    ["pending", [], 10, "expired"],
    ["paying", ["begun"], 5, "payable"],
    ["paying", ["begun"], 10, "checking"],
    ["paying", ["declined", "confirming"], 5, "checking"],
    ["paid", ["approved"], 50, "paid"],
    ["expired", [], 50, "expired"],
    ["awaiting-deposit", ["awaiting-deposit"], 50, "deposit"],
    ["cancelled", [], 5, "not-payable"],
  ] as const)("%s %j at %i is %s", (status, attempts, now, state) => {
    expect(payState({ status, attempts: attempts.map(attempt), payBy: 10 }, now)).toBe(state);
  });

  it("finds the order behind the provider's id", () => {
    expect(orderOfAttempt("0197-aa-12-3")).toBe("0197-aa-12");
  });

  it("sorts the provider's codes and shows only what looks like one", () => {
    expect(failKind("PAY_PROCESS_CANCELED")).toBe("failCancelled");
    expect(failKind("REJECT_CARD_COMPANY")).toBe("failRejected");
    expect(failKind("PAY_PROCESS_ABORTED")).toBe("failAborted");
    expect(failKind("")).toBe("failOther");
    expect(shownCode("call 010-1234")).toBe("");
    expect(shownCode("REJECT_CARD_COMPANY")).toBe("REJECT_CARD_COMPANY");
  });
});
