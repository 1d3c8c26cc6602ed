/** English texts of paying by bank transfer, and of being paid back. */
import type { Key } from "../ko/deposit.ts";

const english: Record<Key, string> = {
  title: "Waiting for your transfer",
  text: "Your booking is complete when the money arrives on this account. It may come from anybody's.",
  bank: "Bank",
  number: "Account number",
  holder: "Account holder",
  amount: "Amount to transfer",
  until: "Transfer by",
  left: "Time left to transfer",
  over: "The time to transfer has passed. We are checking whether your money has arrived.",
  after: "If the exact amount has not arrived by then, the booking ends by itself.",
  copy: "Copy the account number",
  copied: "Copied",
  accountTitle: "Where should your money go back to?",
  accountText: "To give back the {amount} you transferred we need a bank account.",
  accountRefused: "The bank says that nothing can be sent to this account. Please check it.",
  accountHint: "It is used for this refund only, and deleted as soon as the money has gone.",
  refundBank: "Your bank",
  chooseBank: "Choose a bank",
  refundNumber: "Your account number",
  numberHint: "With or without hyphens.",
  refundHolder: "Name on the account",
  send: "Send my refund to this account",
  sending: "Sending…",
  thanks: "We have your account.",
  bankMissing: "Please choose a bank.",
  numberWrong: "Please enter 6 to 20 digits.",
  holderMissing: "Please enter the name on the account.",
};

export default english;
