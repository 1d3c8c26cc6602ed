/** Documents that are written by hand but for what stands between markers. */

/** The document with another text between `<!-- recorded: NAME -->` and `<!-- end of NAME -->`; everything else stays. */
export function withMarked(document: string, name: string, text: string): string {
  const [start, end] = [`<!-- recorded: ${name} -->`, `<!-- end of ${name} -->`];
  const [before, rest, ...more] = document.split(start);
  const [old, after, ...others] = rest?.split(end) ?? [];
  if (before === undefined || old === undefined || after === undefined || more.length + others.length > 0)
    throw new Error(`the document needs ${start} and ${end}, once each and in this order`);
  return `${before}${start}\n\n${text}\n\n${end}${after}`;
}
