/** What is wrong with an account somebody typed; the server looks again. */
import type { BankAccount } from "../calls/refund-accounts.ts";

export type AccountError = "bankMissing" | "numberWrong" | "holderMissing";

export function accountErrors(account: BankAccount): Readonly<Partial<Record<keyof BankAccount, AccountError>>> {
  return {
    ...(account.bank === "" ? { bank: "bankMissing" as const } : {}),
    ...(/^\d{6,20}$/.test(account.accountNumber) ? {} : { accountNumber: "numberWrong" as const }),
    ...(account.holderName.trim() === "" ? { holderName: "holderMissing" as const } : {}),
  };
}
