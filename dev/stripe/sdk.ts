/**
 * The browser script: the few calls of the real Stripe.js that TicketPing uses, with the same names. The real payment
 * element is a frame of the provider's; this one asks which card to play.
 */
export const stripeScript = `(() => {
  "use strict";
  const origin = new URL(document.currentScript.src).origin;

  function Stripe(publishableKey) {
    if (typeof publishableKey !== "string" || !publishableKey.startsWith("pk_")) throw new Error("Invalid publishable key.");
    return {
      elements({ clientSecret } = {}) {
        if (typeof clientSecret !== "string") throw new Error("clientSecret is missing.");
        return { clientSecret, submit: async () => ({}), create: () => paymentElement() };
      },
      async confirmPayment({ elements, confirmParams } = {}) {
        const secret = elements.clientSecret;
        const id = secret.split("_secret_")[0];
        const card = document.querySelector("input[name=sandbox-card]:checked")?.value ?? "pm_card_visa";
        const body = new URLSearchParams({ key: publishableKey, client_secret: secret, payment_method: card });
        const response = await fetch(origin + "/v1/payment_intents/" + id + "/confirm", { method: "POST", body });
        const answer = await response.json();
        if (!response.ok) return { error: answer.error };
        const back = new URL(confirmParams.return_url);
        back.searchParams.set("payment_intent", id);
        back.searchParams.set("payment_intent_client_secret", secret);
        back.searchParams.set("redirect_status", "succeeded");
        location.assign(back);
        return new Promise(() => {});
      },
    };
  }

  function paymentElement() {
    const box = document.createElement("fieldset");
    const listeners = [];
    box.innerHTML =
      "<legend>SANDBOX · 테스트 카드 / Test card</legend>" +
      '<p><label><input type="radio" name="sandbox-card" value="pm_card_visa" checked> 승인되는 카드 / Approved (4242)</label></p>' +
      '<p><label><input type="radio" name="sandbox-card" value="pm_card_chargeDeclined"> 거절되는 카드 / Declined (0002)</label></p>';
    return {
      mount(target) {
        const parent = typeof target === "string" ? document.querySelector(target) : target;
        parent.replaceChildren(box);
        for (const listener of listeners) setTimeout(listener, 0);
      },
      on(name, listener) {
        if (name === "ready") listeners.push(listener);
      },
      destroy: () => box.remove(),
    };
  }

  window.Stripe = Stripe;
})();
`;
