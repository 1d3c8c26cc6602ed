/** Reads what account.ts keeps. A file of its own, because the waiting room has no use for it. */
import { type MemberHint, memberSlot } from "./account.ts";

export function memberHint(): MemberHint | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(memberSlot) ?? "null");
    if (typeof kept !== "object" || kept === null || !("id" in kept) || !("nickname" in kept)) return null;
    return {
      id: String(kept.id),
      nickname: String(kept.nickname),
      role: "role" in kept ? String(kept.role) : "member",
    };
  } catch {
    return null;
  }
}
