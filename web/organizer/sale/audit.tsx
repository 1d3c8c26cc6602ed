/** Who did what, the newest first. Read when it is opened, not before. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type AuditEntry, listAudit } from "../../calls/control.ts";
import type { Page } from "../../calls/performances.ts";
import { dateTimeText } from "../../format/dates.ts";
import { memberHint } from "../../member-hint.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { language } from "../../i18n/language.ts";
import { useAct } from "./act.ts";
import { Said } from "./said.tsx";

export function Audit({ id }: { readonly id: string }): JSX.Element {
  const t = useStore(controlText);
  const [page, setPage] = useState<Page<AuditEntry> | null>(null);
  const act = useAct();
  const look = (cursor: string | null): void =>
    void act.run(async () => {
      const next = await listAudit(id, cursor);
      setPage({
        items: cursor === null ? next.items : [...(page?.items ?? []), ...next.items],
        nextCursor: next.nextCursor,
      });
    }, "");
  return (
    <details
      class="card"
      onToggle={(event) => {
        if (event.currentTarget.open) look(null);
      }}
    >
      <summary data-action="audit">{t.audit}</summary>
      <p class="faint">{t.auditLead}</p>
      {act.said?.good === false && <Said act={act} />}
      {page !== null && page.items.length === 0 && <p class="faint">{t.auditEmpty}</p>}
      <ul class="audit">
        {page?.items.map((entry) => (
          <li key={entry.id}>
            <Entry entry={entry} />
          </li>
        ))}
      </ul>
      {page?.nextCursor != null && (
        <button type="button" class="button quiet" data-action="more-audit" onClick={() => look(page.nextCursor)}>
          {t.more}
        </button>
      )}
    </details>
  );
}

function Entry({ entry }: { readonly entry: AuditEntry }): JSX.Element {
  const t = useStore(controlText);
  const chosen = useStore(language);
  const me = memberHint();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const who =
    entry.actor === me?.id ? me.nickname : /^[0-9a-f-]{36}$/.test(entry.actor) ? entry.actor.slice(0, 8) : t.system;
  const detail = Object.entries(entry.detail)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" · ");
  return (
    <>
      <time class="faint">{dateTimeText(entry.at, zone, chosen)}</time> <strong class="code">{entry.action}</strong>{" "}
      {who}
      {detail !== "" && <span class="faint block code">{detail}</span>}
    </>
  );
}
