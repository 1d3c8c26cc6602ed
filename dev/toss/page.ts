/** The pages a buyer sees: the payment window and a receipt. Korean and English; they need no script. */
import { methodNames, type Method, type PaymentRecord } from "./payment.ts";

/** Scripts, frames and everything else from elsewhere stay out. Form targets are free: the shop's address is its own. */
export const pageHeaders = {
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
} as const;

const style = `
  :root { color-scheme: light dark; --ink: #191f28; --soft: #4e5968; --paper: #fff; --line: #d1d6db; --ground: #f2f4f6;
    --accent: #1b64da; --accent-ink: #fff; --warn: #fff3bf; --warn-ink: #5c3d00; }
  @media (prefers-color-scheme: dark) { :root { --ink: #f2f4f6; --soft: #b0b8c1; --paper: #202632; --line: #4e5968;
    --ground: #12161d; --accent: #6ea8fe; --accent-ink: #0b1220; --warn: #4d3800; --warn-ink: #ffe8a3; } }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--ground);
    color: var(--ink); font: 1rem/1.5 system-ui, "Apple SD Gothic Neo", "Noto Sans KR", sans-serif; }
  main { width: min(100%, 26rem); background: var(--paper); border: 1px solid var(--line); border-radius: 1rem; overflow: hidden; }
  .sandbox { margin: 0; padding: .75rem 1.25rem; background: var(--warn); color: var(--warn-ink); font-weight: 600; }
  .inside { padding: 1.25rem; }
  h1 { margin: 0 0 1rem; font-size: 1.25rem; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: .4rem 1rem; margin: 0 0 1.25rem; }
  dt { color: var(--soft); } dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
  .total { font-size: 1.25rem; font-weight: 700; font-variant-numeric: tabular-nums; }
  form { display: grid; gap: .625rem; }
  button { min-height: 3rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .75rem; background: none;
    color: inherit; font: inherit; font-weight: 600; cursor: pointer; }
  button.approve { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
  button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;

export interface CheckoutView {
  readonly orderId: string;
  readonly orderName: string;
  readonly method: Method;
  readonly amount: number;
  /** Sent back with the form, so that the page keeps no state. */
  readonly fields: Readonly<Record<string, string>>;
}

export function checkoutPage(view: CheckoutView): string {
  const hidden = Object.entries(view.fields)
    .map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`)
    .join("");
  return page(
    "결제 · Payment",
    `<h1>결제하기 <span lang="en">· Pay</span></h1>
    ${details([
      ["상품", "Item", escape(view.orderName)],
      ["주문번호", "Order", escape(view.orderId)],
      ["결제수단", "Method", `${methodNames[view.method]} <span lang="en">· ${view.method}</span>`],
      ["결제금액", "Total", `<span class="total">${won(view.amount)}</span>`],
    ])}
    <form method="post" action="/checkout">${hidden}
      <button class="approve" name="choice" value="approve">${approveWords(view.method)}</button>
      <button name="choice" value="decline">카드 거절 / <span lang="en">Card declined</span></button>
      <button name="choice" value="cancel">취소 / <span lang="en">Cancel</span></button>
    </form>`,
  );
}

function approveWords(method: Method): string {
  return method === "VIRTUAL_ACCOUNT"
    ? `계좌 발급 / <span lang="en">Open an account</span>`
    : `결제 승인 / <span lang="en">Approve</span>`;
}

/** The buyer's bank: every virtual account there is, and what a bank can do with it. */
export function bankPage(payments: readonly PaymentRecord[]): string {
  const button = (action: string, words: string): string => `<button name="action" value="${action}">${words}</button>`;
  const rows = payments.map(({ account, orderId, orderName, status, approvedAt, amount }) => {
    const late = status === "EXPIRED" || (status === "CANCELED" && approvedAt === null);
    const actions = [
      status === "WAITING_FOR_DEPOSIT" ? button("deposit", '입금하기 / <span lang="en">Deposit</span>') : "",
      late ? button("late", '늦은 입금 / <span lang="en">Deposit late</span>') : "",
      status === "DONE" ? button("undo", '입금 취소 / <span lang="en">Take back</span>') : "",
    ].join("");
    const number = escape(account?.number ?? "");
    return `${details([
      ["계좌", "Account", `${escape(account?.bank ?? "")} ${number}`],
      ["상품", "Item", escape(orderName)],
      ["상태", "Status", status],
      ["금액", "Amount", `<span class="total">${won(amount)}</span>`],
    ])}<form method="post" action="/bank" data-account="${number}">
      <input type="hidden" name="orderId" value="${escape(orderId)}">${actions}</form>`;
  });
  const none = `<p>아직 계좌가 없습니다. <span lang="en">No account is open yet.</span></p>`;
  return page("은행 · Bank", `<h1>은행 <span lang="en">· Bank</span></h1>${rows.join("") || none}`);
}

export function receiptPage(payment: PaymentRecord): string {
  const refunded = payment.cancels.reduce((total, cancel) => total + cancel.amount, 0);
  return page(
    "영수증 · Receipt",
    `<h1>영수증 <span lang="en">· Receipt</span></h1>
    ${details([
      ["상품", "Item", escape(payment.orderName)],
      ["주문번호", "Order", escape(payment.orderId)],
      ["상태", "Status", payment.status],
      ["결제금액", "Total", `<span class="total">${won(payment.amount)}</span>`],
      ["환불금액", "Refunded", won(refunded)],
    ])}`,
  );
}

export function problemPage(message: string): string {
  return page(
    "오류 · Error",
    `<h1>결제를 진행할 수 없습니다 <span lang="en">· Cannot proceed</span></h1><p>${escape(message)}</p>`,
  );
}

function details(rows: readonly (readonly [korean: string, english: string, html: string])[]): string {
  const items = rows.map(
    ([korean, english, html]) => `<dt>${korean} <span lang="en">${english}</span></dt><dd>${html}</dd>`,
  );
  return `<dl>${items.join("")}</dl>`;
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} (SANDBOX)</title><style>${style}</style></head>
<body><main><p class="sandbox">SANDBOX · 테스트 환경입니다. 실제 결제가 아닙니다.
<span lang="en">This is a test: no real money moves.</span></p><div class="inside">${content}</div></main></body></html>`;
}

function won(amount: number): string {
  return `${amount.toLocaleString("ko-KR")}원`;
}

function escape(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? character);
}
