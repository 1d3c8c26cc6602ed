/** English texts of showing a pre-sale code, or being verified elsewhere, before joining. */
import type { Key } from "../ko/presale.ts";

const english: Record<Key, string> = {
  title: "Pre-sale",
  codesText: "Joining this queue takes a pre-sale code. Please enter the one you were given.",
  once: "A code opens one place for one person. Once shown, it cannot be used for another account.",
  code: "Pre-sale code",
  codeHint: "Such as ABCD-EFGH-JKMN-PQRS-TVWX",
  codeMissing: "Please enter the code.",
  checkFields: "Please check the code.",
  show: "Use it and join",
  showing: "Checking…",
  verifierText:
    "Before joining this queue, the organiser asks you to be verified by a service of theirs. You will come back here afterwards.",
  verifierOnce: "One person can queue with one account only.",
  go: "Go and be verified",
  missing: "The address does not name a show.",
};

export default english;
