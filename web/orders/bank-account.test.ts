import { expect, it } from "vitest";
import { accountErrors, sentAs } from "./bank-account.ts";

it("an account has a bank, digits and a name", () => {
  const good = { bank: "20", accountNumber: "1002123456789", holderName: "김하늘" };
  expect(accountErrors(good)).toEqual({});
  expect(accountErrors({ bank: "", accountNumber: "10-02-1", holderName: " " })).toEqual({
    bank: "bankMissing",
    accountNumber: "numberWrong",
    holderName: "holderMissing",
  });
});

it("a number may be written in the groups a bank prints it in; its digits are sent", () => {
  const copied = { bank: "20", accountNumber: " 1002-123 456789 ", holderName: " 김하늘 " };
  expect(accountErrors(copied)).toEqual({});
  expect(sentAs(copied)).toEqual({ bank: "20", accountNumber: "1002123456789", holderName: "김하늘" });
});
