/** Where to go after signing in: a path of our own, or home. Nobody is sent to another host. */
export function safeNext(raw: string | null, origin: string): string {
  if (raw === null || !raw.startsWith("/") || !URL.canParse(raw, origin)) return "/";
  const target = new URL(raw, origin);
  if (target.origin !== origin || target.username !== "" || target.pathname.startsWith("//")) return "/";
  return target.pathname + target.search + target.hash;
}
