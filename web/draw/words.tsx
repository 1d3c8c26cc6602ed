/** How the order is decided, in plain words, and what that leaves unproven. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import type { DrawFacts } from "../calls/draw.ts";
import { drawText } from "../i18n/ko/draw.ts";

interface Props {
  readonly facts: DrawFacts;
}

export function Arrival(): JSX.Element {
  const t = useStore(drawText);
  return (
    <section class="card ways-card" aria-labelledby="ways">
      <h2 id="ways">{t.arrival}</h2>
      <p>{t.arrivalText}</p>
      <p>{t.arrivalSame}</p>
      <p class="faint">{t.arrivalNothing}</p>
    </section>
  );
}

export function Ways({ facts }: Props): JSX.Element {
  const t = useStore(drawText);
  const ways: readonly (readonly [string, string])[] = [
    [t.way1, t.way1Text],
    [t.way2, t.way2Text],
    [t.way3, facts.beacon === null ? t.way3None : t.way3Text],
    [t.way4, t.way4Text],
    [t.way5, t.way5Text],
  ];
  return (
    <section class="card ways-card" aria-labelledby="ways">
      <h2 id="ways">{t.draw}</h2>
      <p>{t.drawText}</p>
      <ol class="ways">
        {ways.map(([head, text]) => (
          <li key={head}>
            <h3>{head}</h3>
            <p>{text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Limits({ facts }: Props): JSX.Element {
  const t = useStore(drawText);
  const people = { codes: t.limitCodes, verifier: t.limitVerifier, none: t.limitPeople }[facts.verification ?? "none"];
  const unaided = facts.beacon === null || (facts.drawn !== null && facts.drawn.signature === null);
  return (
    <section class="card" aria-labelledby="limits">
      <h2 id="limits">{t.limits}</h2>
      {unaided && <p class="note">{t.limitBeacon}</p>}
      <ul class="limits">
        <li>{people}</li>
        {!unaided && <li>{t.limitBeacon}</li>}
        <li>{t.limitEarly}</li>
        <li>{t.limitCode}</li>
      </ul>
    </section>
  );
}
