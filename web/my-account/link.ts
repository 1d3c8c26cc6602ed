/** What a mailed link carries behind its `#`. Taken once and removed from the address bar: it is a secret. */
export function takeLinkToken(): string | null {
  const token = location.hash.slice(1);
  if (token === "") return null;
  history.replaceState(null, "", location.pathname + location.search);
  return token;
}
