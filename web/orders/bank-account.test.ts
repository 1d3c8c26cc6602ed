import { expect, it } from "vitest";
import { accountErrors } from "./bank-account.ts";

it("an account has a bank, digits and a name", () => {
  const good = { bank: "20", accountNumber: "1002123456789", holderName: "김하늘" };
  expect(accountErrors(good)).toEqual({});
  expect(accountErrors({ bank: "", accountNumber: "1002-123", holderName: " " })).toEqual({
    bank: "bankMissing",
    accountNumber: "numberWrong",
    holderName: "holderMissing",
  });
});
