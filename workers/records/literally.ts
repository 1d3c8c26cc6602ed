/** A text as LIKE takes it literally: none of its signs is a wildcard. */
export function literally(text: string): string {
  return text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
}
