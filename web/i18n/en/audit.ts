/** English words for what the log holds. */
import type { Key } from "../ko/audit.ts";

const english: Record<Key, string> = {
  requested: "{what}: asked for",
  "performance.created": "Performance made",
  "performance.changed": "Performance changed",
  "performance.published": "Performance published",
  "performance.discarded": "Draft thrown away",
  "performance.rehearsed": "Sale rehearsed",
  "performance.emptied": "Finished sale put away",
  "schedule.created": "Date added",
  "schedule.removed": "Date removed",
  "orders.exported": "Orders downloaded",
  "order.refund-requested": "Refund asked for",
  "reconciler.repaired": "Books repaired",
  pause: "Sale paused",
  resume: "Sale resumed",
  close: "Sale ended",
  limits: "Limits changed",
  notice: "Notice changed",
  revoke: "One admission revoked",
  "revoke-all": "Everybody sent out",
  invite: "Invited to a lane",
  block: "Seats blocked",
  unblock: "Blocked seats released",
  grant: "Blocked seats opened with a code",
  "release-accessible": "Wheelchair places opened to all",
  "change-chart": "Seating plan changed",
  "cancel-order": "Order given back",
  "move-date": "Date moved",
  "cancel-date": "Date cancelled",
  "make-codes": "Pre-sale codes made",
  "void-codes": "Pre-sale codes withdrawn",
  "set-verifier": "Verifier set",
  "lanes-counted": "Admissions counted by lane",
};

export default english;
