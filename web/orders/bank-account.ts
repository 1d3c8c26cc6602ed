/** What is wrong with an account somebody typed; the server looks again. */
import type { BankAccount } from "../calls/refund-accounts.ts";

export type AccountError = "bankMissing" | "numberWrong" | "holderMissing";

/** Banks print numbers in groups, and people copy them so: only the digits are sent. */
export function sentAs({ bank, accountNumber, holderName }: BankAccount): BankAccount {
  return { bank, accountNumber: accountNumber.replaceAll(/[\s-]/g, ""), holderName: holderName.trim() };
}

export function accountErrors(typed: BankAccount): Readonly<Partial<Record<keyof BankAccount, AccountError>>> {
  const account = sentAs(typed);
  return {
    ...(account.bank === "" ? { bank: "bankMissing" as const } : {}),
    ...(/^\d{6,20}$/.test(account.accountNumber) ? {} : { accountNumber: "numberWrong" as const }),
    ...(account.holderName === "" ? { holderName: "holderMissing" as const } : {}),
  };
}
