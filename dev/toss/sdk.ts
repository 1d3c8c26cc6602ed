/**
 * The browser script at /v2/standard: the one call of the real SDK that TicketPing uses, with the same names.
 * It leads to the sandbox's own page on the origin that the script came from.
 */
export const sdkScript = `(() => {
  "use strict";
  const origin = new URL(document.currentScript.src).origin;
  const fail = (code, message) => Object.assign(new Error(message), { code });

  function TossPayments(clientKey) {
    if (typeof clientKey !== "string" || clientKey === "") throw fail("INVALID_CLIENT_KEY", "clientKey is missing.");
    return {
      payment({ customerKey } = {}) {
        if (typeof customerKey !== "string" || customerKey === "") {
          throw fail("INVALID_CUSTOMER_KEY", "customerKey is missing.");
        }
        return {
          async requestPayment({ method, amount, orderId, orderName, successUrl, failUrl, virtualAccount } = {}) {
            const fields = { clientKey, customerKey, method, orderId, orderName, successUrl, failUrl };
            const checkout = new URL("/checkout", origin);
            for (const [name, value] of Object.entries(fields)) {
              if (typeof value !== "string" || value === "") throw fail("INVALID_PARAMETERS", name + " is missing.");
              checkout.searchParams.set(name, value);
            }
            if (!Number.isSafeInteger(amount?.value) || amount.value <= 0) {
              throw fail("INVALID_PARAMETERS", "amount.value is not a positive whole number.");
            }
            if (virtualAccount?.dueDate) checkout.searchParams.set("dueDate", String(virtualAccount.dueDate));
            checkout.searchParams.set("currency", String(amount.currency));
            checkout.searchParams.set("amount", String(amount.value));
            location.assign(checkout);
            // As in the real SDK the page goes away; whatever comes next happens at successUrl or failUrl.
            return new Promise(() => {});
          },
        };
      },
    };
  }

  TossPayments.ANONYMOUS = "ANONYMOUS";
  window.TossPayments = TossPayments;
})();
`;
