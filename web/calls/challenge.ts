/** The challenge that tells people from programs. */
import { ask } from "../api.ts";
import { type Decoder, fields, nothing, nullable, text } from "../decode.ts";

export interface ChallengeFacts {
  readonly signup: boolean;
  readonly join: boolean;
  readonly siteKey: string | null;
  readonly scriptUrl: string;
}

const boolean: Decoder<boolean> = (value) => value === true;

const facts: Decoder<ChallengeFacts> = fields<ChallengeFacts>({
  signup: boolean,
  join: boolean,
  siteKey: nullable(text),
  scriptUrl: text,
});

export function challengeFacts(): Promise<ChallengeFacts> {
  return ask({ method: "GET", path: "/api/challenge", decode: facts });
}

/** The answer sets a cookie that is good for joining, for half an hour. */
export async function proveForJoining(token: string): Promise<void> {
  await ask({ method: "POST", path: "/api/challenge", body: { token }, decode: nothing, tries: 2 });
}
