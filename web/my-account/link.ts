/** 32 bytes in base64url (workers/edge/auth/links.ts). */
const TOKEN = /^[\w-]{43}$/;

/**
 * What a mailed link carries behind its `#`. Taken once and removed from the address bar: it is a secret. Null where there
 * is none, and where a mail program has cut it short.
 */
export function takeLinkToken(): string | null {
  const token = location.hash.slice(1);
  if (token === "") return null;
  history.replaceState(null, "", location.pathname + location.search);
  return TOKEN.test(token) ? token : null;
}
