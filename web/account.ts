/**
 * Who this browser last signed in as: only a hint for what the header says. The proof is a cookie no script can read.
 */
export const memberSlot = "ticketping-member";

export interface MemberHint {
  readonly id: string;
  readonly nickname: string;
  /** Only for what the header offers; what may be done, the server asks its own records. */
  readonly role: string;
}

export function rememberMember(member: MemberHint): void {
  try {
    localStorage.setItem(memberSlot, JSON.stringify({ id: member.id, nickname: member.nickname, role: member.role }));
  } catch {
    // A browser without storage shows "sign in" in the header; everything else works.
  }
}

export function forgetMember(): void {
  try {
    localStorage.removeItem(memberSlot);
  } catch {
    // Nothing was kept.
  }
}

/** Nobody we know is asking; or, for all that the server can tell, no person: the page to sign in knows what to do. */
export function needsLogin(code: string): boolean {
  return /^(token-(missing|expired|invalid)|refresh-invalid|signed-out|challenge-required)$/.test(code);
}

export function goToLogin(): void {
  const here = location.pathname + location.search;
  location.assign(`/login?next=${encodeURIComponent(here)}`);
}
