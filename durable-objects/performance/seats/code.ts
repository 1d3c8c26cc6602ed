/** Codes of allotments: what is kept of them. */
import { createHash } from "node:crypto";

/** The hash under which a code is kept: the code itself is nowhere in the object. */
export function codeHash(code: string): string {
  return createHash("sha256")
    .update(`ticketping-code-v1 ${code.normalize("NFC")}`)
    .digest("hex");
}
