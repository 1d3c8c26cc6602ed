/**
 * Who this browser last signed in as: only a hint for what the header says. The proof is a cookie no script can read.
 */
const slot = "ticketping-member";

export interface MemberHint {
  readonly id: string;
  readonly nickname: string;
}

export function rememberMember(member: MemberHint): void {
  try {
    localStorage.setItem(slot, JSON.stringify({ id: member.id, nickname: member.nickname }));
  } catch {
    // A browser without storage shows "sign in" in the header; everything else works.
  }
}

export function forgetMember(): void {
  try {
    localStorage.removeItem(slot);
  } catch {
    // Nothing was kept.
  }
}

export function memberHint(): MemberHint | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(slot) ?? "null");
    if (typeof kept !== "object" || kept === null || !("id" in kept) || !("nickname" in kept)) return null;
    return { id: String(kept.id), nickname: String(kept.nickname) };
  } catch {
    return null;
  }
}

/** Codes that mean: nobody we know is asking. */
const strangerCodes = new Set(["token-missing", "token-expired", "token-invalid", "refresh-invalid"]);

export function needsLogin(code: string): boolean {
  return strangerCodes.has(code);
}

export function goToLogin(): void {
  const here = location.pathname + location.search;
  location.assign(`/login?next=${encodeURIComponent(here)}`);
}
