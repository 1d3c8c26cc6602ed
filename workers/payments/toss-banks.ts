/**
 * The banks of Toss Payments' two-digit codes, for paying back to (https://docs.tosspayments.com/codes/org-codes). A code this
 * list does not know yet is shown as it is.
 */
import type { Bank } from "../../durable-objects/performance/contract.ts";

const names: readonly (readonly [code: string, ko: string, en: string])[] = [
  ["06", "KB국민은행", "KB Kookmin Bank"],
  ["88", "신한은행", "Shinhan Bank"],
  ["20", "우리은행", "Woori Bank"],
  ["81", "하나은행", "Hana Bank"],
  ["11", "NH농협은행", "NH Nonghyup Bank"],
  ["03", "IBK기업은행", "IBK Industrial Bank"],
  ["90", "카카오뱅크", "KakaoBank"],
  ["92", "토스뱅크", "Toss Bank"],
  ["89", "케이뱅크", "K bank"],
  ["23", "SC제일은행", "SC First Bank"],
  ["27", "씨티은행", "Citibank Korea"],
  ["02", "KDB산업은행", "Korea Development Bank"],
  ["07", "Sh수협은행", "Suhyup Bank"],
  ["31", "iM뱅크(대구)", "iM Bank"],
  ["32", "부산은행", "Busan Bank"],
  ["39", "경남은행", "Kyongnam Bank"],
  ["34", "광주은행", "Kwangju Bank"],
  ["37", "전북은행", "Jeonbuk Bank"],
  ["35", "제주은행", "Jeju Bank"],
  ["45", "새마을금고", "MG Community Credit"],
  ["48", "신협", "Shinhyup"],
  ["12", "단위농협", "Local Nonghyup"],
  ["50", "저축은행중앙회", "Savings banks"],
  ["64", "산림조합", "Forestry Cooperatives"],
  ["71", "우체국예금보험", "Korea Post"],
  ["54", "홍콩상하이은행", "HSBC"],
];

export const tossBanks: readonly Bank[] = names.map(([code, ko, en]) => ({ code, ko, en }));

export function tossBank(code: string | null | undefined): Bank {
  const name = code ?? "";
  return tossBanks.find((bank) => bank.code === name) ?? { code: name, ko: name, en: name };
}
