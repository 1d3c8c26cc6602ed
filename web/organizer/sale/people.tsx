/** Orders by number or address, what their buyers did, and sending one person or everybody out. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { exportPath, type Purchase, revokeAll, revokeMember, searchOrders } from "../../calls/control.ts";
import { moneyText } from "../../format/money.ts";
import { momentText } from "../../format/moment.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { manageText } from "../../i18n/ko/manage.ts";
import { ordersText } from "../../i18n/ko/orders.ts";
import { language } from "../../i18n/language.ts";
import { Confirm } from "../../page/confirm.tsx";
import { Labelled } from "../../page/labelled.tsx";
import { type Act, useAct } from "./act.ts";
import { canGiveBack, GiveBack } from "./give-back.tsx";
import { Said } from "./said.tsx";

interface Found {
  readonly words: string;
  readonly items: readonly Purchase[];
  readonly next: string | null;
}

export function People({ id }: { readonly id: string }): JSX.Element {
  const t = useStore(controlText);
  const act = useAct();
  const search = useAct();
  const [words, setWords] = useState("");
  const [found, setFound] = useState<Found | null>(null);
  const [everybody, setEverybody] = useState(false);
  const look = (query: string, before: Found | null): void =>
    void search.run(async () => {
      const page = await searchOrders(id, query, before?.next ?? null);
      setFound({ words: query, items: [...(before?.items ?? []), ...page.items], next: page.nextCursor });
    }, "");
  return (
    <section class="card form" aria-label={t.orders}>
      <div class="console-head">
        <h2>{t.orders}</h2>
        <div class="actions">
          <a class="button quiet" href={exportPath(id)} download data-action="export">
            {t.export}
          </a>
          <button type="button" class="button quiet" data-action="revoke-all" onClick={() => setEverybody(true)}>
            {t.revokeAll}
          </button>
        </div>
      </div>
      <form
        class="search"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          look(words.trim(), null);
        }}
      >
        <Labelled id="order-search" label={t.search}>
          {(attributes) => (
            <input
              {...attributes}
              type="search"
              autocomplete="off"
              value={words}
              onInput={(event) => setWords(event.currentTarget.value)}
            />
          )}
        </Labelled>
        <button type="submit" class="button" data-action="find" disabled={search.busy}>
          {t.find}
        </button>
      </form>
      {search.said?.good === false && <Said act={search} />}
      {found !== null && found.items.length === 0 && <p role="status">{t.nothingFound}</p>}
      {found !== null && (
        <ul class="purchases">
          {found.items.map((one) => (
            <li key={one.id}>
              <Row one={one} id={id} act={act} />
            </li>
          ))}
        </ul>
      )}
      {found !== null && found.next !== null && (
        <button type="button" class="button quiet" data-action="more-orders" onClick={() => look(found.words, found)}>
          {t.more}
        </button>
      )}
      <Said act={act} />
      <Confirm
        open={everybody}
        title={t.revokeAllTitle}
        text={t.revokeAllText}
        keep={t.keep}
        go={t.revokeAll}
        action="revoke-all"
        busy={act.busy}
        onKeep={() => setEverybody(false)}
        onGo={() => void act.run(() => revokeAll(id)).then(() => setEverybody(false))}
      />
    </section>
  );
}

interface RowProps {
  readonly one: Purchase;
  readonly id: string;
  readonly act: Act;
}

function Row({ one, id, act }: RowProps): JSX.Element {
  const t = useStore(controlText);
  const words = useStore(ordersText);
  const chosen = useStore(language);
  const manage = useStore(manageText);
  const [asking, setAsking] = useState(false);
  const [giving, setGiving] = useState(false);
  const who = one.nickname ?? one.email ?? t.gone;
  const statuses: Readonly<Record<string, unknown>> = words;
  const status = statuses[one.status];
  return (
    <article class="purchase" data-order-id={one.id}>
      <div>
        <p>
          <span class={`badge badge-${one.status}`}>{typeof status === "string" ? status : one.status}</span>{" "}
          <strong>{who}</strong> <span class="faint">{one.email}</span>
        </p>
        <p class="faint">
          {momentText(one.placedAt, chosen)} · {one.places.map(({ name }) => name).join(", ")} ·{" "}
          {moneyText(one.amount, one.currency, chosen)}
        </p>
        <p class="faint code" data-order-number={one.number} title={one.id}>
          {one.number}
        </p>
      </div>
      <div class="actions">
        {canGiveBack(one) && (
          <button
            type="button"
            class="button quiet"
            data-action="give-back"
            aria-expanded={giving}
            onClick={() => setGiving(!giving)}
          >
            {manage.giveBack}
          </button>
        )}
        <button
          type="button"
          class="button quiet"
          data-action="revoke"
          disabled={act.busy}
          onClick={() => setAsking(true)}
        >
          {t.revoke}
        </button>
      </div>
      {giving && <GiveBack id={id} one={one} who={who} />}
      <Confirm
        open={asking}
        title={t.revokeTitle}
        text={t.revokeText({ who })}
        keep={t.keep}
        go={t.revoke}
        action="revoke"
        busy={act.busy}
        onKeep={() => setAsking(false)}
        onGo={() => void act.run(() => revokeMember(id, one.memberId)).then(() => setAsking(false))}
      />
    </article>
  );
}
