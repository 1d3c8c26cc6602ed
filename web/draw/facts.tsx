/** The public facts of a draw, in the order in which they were published. */
import { useStore } from "@nanostores/preact";
import type { ComponentChildren, JSX } from "preact";
import { type DrawFacts, dueAt } from "../calls/draw.ts";
import { drawText } from "../i18n/ko/draw.ts";
import { language } from "../i18n/language.ts";
import { momentText } from "../format/moment.ts";
import { Value } from "./value.tsx";

type Row = readonly [name: string, value: ComponentChildren];

export function Facts({ facts }: { readonly facts: DrawFacts }): JSX.Element {
  const t = useStore(drawText);
  const chosen = useStore(language);
  const { beacon, beaconUntil, commitment, sealed, drawn } = facts;
  const moment = (ms: number): string => momentText(ms, chosen);
  const before: Row[] = [[t.commitment, commitment === null ? "–" : <Value of={commitment} />]];
  if (beacon === null) before.push([t.round, t.noRound]);
  else {
    before.push([t.round, t.roundDue({ round: String(beacon.round), time: moment(dueAt(beacon)) })]);
    before.push([t.chain, <Value of={beacon.chain.hash} />]);
  }
  if (beaconUntil !== null) before.push([t.until, moment(beaconUntil)]);
  const sealing: readonly Row[] | null = sealed && [
    [t.n, t.people({ n: sealed.n.toLocaleString(chosen) })],
    [t.root, <Value of={sealed.root} />],
    [t.sealedAt, moment(sealed.at)],
  ];
  const after: readonly Row[] | null = drawn && [
    [t.secret, <Value of={drawn.secret} />],
    [t.signature, drawn.signature === null ? t.noSignature : <Value of={drawn.signature} />],
    [t.randomness, <Value of={drawn.randomness} />],
    [t.seed, <Value of={drawn.seed} />],
    [t.drawnAt, moment(drawn.at)],
  ];
  return (
    <section class="card" aria-labelledby="facts">
      <h2 id="facts">{t.facts}</h2>
      <Group title={t.before} rows={before} otherwise="" />
      <Group title={t.sealing} rows={sealing} otherwise={t.toSeal} />
      <Group title={t.after} rows={after} otherwise={t.toDraw} />
    </section>
  );
}

interface GroupProps {
  readonly title: string;
  readonly rows: readonly Row[] | null;
  readonly otherwise: string;
}

function Group({ title, rows, otherwise }: GroupProps): JSX.Element {
  return (
    <>
      <h3 class="facts-head">{title}</h3>
      {rows === null ? (
        <p class="faint">{otherwise}</p>
      ) : (
        <dl class="facts">
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
