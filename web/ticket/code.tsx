/** A ticket's token as a QR code: one path in an SVG, drawn black on white whatever the page's colours are. */
import type { JSX } from "preact";
import { encode } from "uqr";

/** Light modules around the code, as readers need them. The weakest correction makes the largest modules. */
const QUIET = 4;

export function QrCode({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
  const { data } = encode(text, { ecc: "L", border: QUIET });
  return (
    <svg
      class="qr"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${data.length} ${data.length}`}
      shape-rendering="crispEdges"
    >
      <path class="qr-paper" d={`M0 0h${data.length}v${data.length}H0z`} />
      <path class="qr-ink" d={pathOf(data)} />
    </svg>
  );
}

/** Dark modules of a row that touch are one rectangle. */
export function pathOf(rows: readonly (readonly boolean[])[]): string {
  let path = "";
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue;
      const from = x;
      while (row[x + 1] === true) x += 1;
      path += `M${from} ${y}h${x + 1 - from}v1H${from}z`;
    }
  });
  return path;
}
