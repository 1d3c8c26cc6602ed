/**
 * A stand-in for Cloudflare Turnstile on a machine without internet: its script, which shows a button instead of a
 * challenge, and its check of tokens. Site keys and secrets are Cloudflare's official test keys, with the same meaning
 * (developers.cloudflare.com/turnstile/troubleshooting/testing); any other secret is checked like a real one: a token is
 * good once, and for the action it was made for.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { answer, answerJson, answerTooMuch, listen, readBody, type ListeningServer } from "./http-server.ts";

const testSiteKeys = {
  passes: "1x00000000000000000000AA",
  blocks: "2x00000000000000000000AB",
  interactive: "3x00000000000000000000FF",
} as const;

export const testSecrets = {
  passes: "1x0000000000000000000000000000000AA",
  fails: "2x0000000000000000000000000000000AA",
  spent: "3x0000000000000000000000000000000AA",
} as const;

const asked = z.object({ secret: z.string(), response: z.string() });

export interface RunningTurnstile extends ListeningServer {
  /** A token as the script would get it. */
  token(action: string): string;
  /** From now on its answers go on for megabytes, or no longer. */
  talk(much: boolean): void;
}

export async function startTurnstile(port: number): Promise<RunningTurnstile> {
  const fresh = new Map<string, string>();
  let talkative = false;
  const make = (action: string): string => {
    const token = `${action}.${randomUUID()}`;
    fresh.set(token, action);
    return token;
  };

  function check(secret: string, token: string): Readonly<Record<string, unknown>> {
    const failed = (code: string) => ({ success: false, "error-codes": [code] });
    if (secret === testSecrets.fails) return failed("invalid-input-response");
    if (secret === testSecrets.spent) return failed("timeout-or-duplicate");
    if (secret === "") return failed("missing-input-secret");
    const action = fresh.get(token);
    if (action === undefined) return failed("timeout-or-duplicate");
    fresh.delete(token);
    return { success: true, "error-codes": [], action, hostname: "127.0.0.1", challenge_ts: new Date().toISOString() };
  }

  const server = await listen(port, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://turnstile");
    if (pathname === "/turnstile/v0/api.js") return answer(response, 200, "text/javascript; charset=utf-8", script);
    if (pathname === "/token") {
      const headers = { "access-control-allow-origin": "*" };
      return answer(response, 200, "text/plain", make(searchParams.get("action") ?? ""), headers);
    }
    if (pathname !== "/turnstile/v0/siteverify" || request.method !== "POST") return answerJson(response, 404, {});
    void readBody(request, 8_192).then((text) => {
      const parsed = asked.safeParse(parse(text));
      if (!parsed.success) return answerJson(response, 400, { success: false, "error-codes": ["bad-request"] });
      const said = check(parsed.data.secret, parsed.data.response);
      if (talkative) answerTooMuch(response, 200, said);
      else answerJson(response, 200, said);
    });
  });
  return { ...server, token: make, talk: (much) => (talkative = much) };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return null;
  }
}

/** The calls of the real script that our page uses: render, reset, remove. */
const script = `(() => {
  "use strict";
  const origin = new URL(document.currentScript.src).origin;
  const widgets = new Map();
  let next = 0;
  function draw(id) {
    const { element, options } = widgets.get(id);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "✓ 사람입니다 · I am a person (Turnstile stand-in)";
    button.dataset.turnstile = "";
    button.onclick = async () => {
      button.disabled = true;
      if (options.sitekey === "${testSiteKeys.blocks}") return options["error-callback"]?.("300010");
      const url = new URL("/token", origin);
      url.searchParams.set("action", options.action ?? "");
      options.callback(await (await fetch(url)).text());
    };
    element.replaceChildren(button);
  }
  window.turnstile = {
    render(element, options) {
      const id = String(next++);
      widgets.set(id, { element, options });
      draw(id);
      return id;
    },
    reset: (id) => draw(id),
    remove: (id) => { widgets.get(id)?.element.replaceChildren(); widgets.delete(id); },
  };
})();
`;
