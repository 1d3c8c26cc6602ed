/** Who did what, the newest first. Read when it is opened, not before. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type AuditEntry, auditExportPath, listAudit } from "../../calls/control.ts";
import type { Page } from "../../calls/performances.ts";
import { isRecord } from "../../decode.ts";
import { momentText } from "../../format/moment.ts";
import { auditText } from "../../i18n/ko/audit.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { language } from "../../i18n/language.ts";
import { useAct } from "./act.ts";
import { Said } from "./said.tsx";

type Words = ReturnType<typeof auditText.get>;

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
      <p class="faint">
        {t.auditLead}{" "}
        <a href={auditExportPath(id)} download data-action="export-audit">
          {t.auditExport}
        </a>
      </p>
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
  const who = entry.actorName ?? (/^[0-9a-f-]{36}$/.test(entry.actor) ? entry.actor.slice(0, 8) : t.system);
  const said = useStore(auditText);
  const detail = facts(entry.detail, said, chosen).join(" · ");
  return (
    <>
      <time class="faint">{momentText(entry.at, chosen)}</time> <Done action={entry.action} /> {who}
      {detail !== "" && <span class="faint block code">{detail}</span>}
    </>
  );
}

/** What was done, in words where there are some: the log of an older version may hold others. */
function Done({ action }: { readonly action: string }): JSX.Element {
  const t = useStore(auditText);
  const words: Readonly<Record<string, unknown>> = t;
  const of = (name: string): string => {
    const said = words[name];
    return typeof said === "string" ? said : name;
  };
  const [, asked] = /^(.+)\.requested$/.exec(action) ?? [];
  return <strong data-audit={action}>{asked === undefined ? of(action) : t.requested({ what: of(asked) })}</strong>;
}

const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$|^[0-9a-f]{24,}$/;
const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** "name: value" each, as people call it; what an object reported is text that holds such facts itself. */
function facts(detail: Readonly<Record<string, unknown>>, words: Words, chosen: string): readonly string[] {
  const known: Readonly<Record<string, unknown>> = words;
  const valueOf = (value: unknown): string => {
    if (value === null || value === "") return words["of.nothing"];
    if (Array.isArray(value)) return value.map(valueOf).join(", ");
    if (typeof value === "number") return value.toLocaleString(chosen);
    if (typeof value !== "string") return JSON.stringify(value);
    if (MOMENT.test(value)) return momentText(Date.parse(value), chosen);
    // Enough to tell two apart; the whole of it is in the file.
    return ID.test(value) ? value.slice(0, 8) : value;
  };
  return Object.entries(detail).flatMap(([name, value]) => {
    const told = name === "said" && typeof value === "string" ? inside(value) : null;
    if (told !== null) return facts(told, words, chosen);
    if (name === "outcome" && value === "done") return [words["of.done"]];
    const called = known[`of.${name}`];
    return [`${typeof called === "string" ? called : name}: ${valueOf(value)}`];
  });
}

function inside(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}
