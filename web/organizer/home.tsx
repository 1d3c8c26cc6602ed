/** The organiser's performances: drafts, those on sale, those that are over. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Problem } from "../api.ts";
import { createDraft, type Draft, listDrafts } from "../calls/organizer.ts";
import type { Page } from "../calls/performances.ts";
import { Poster } from "../catalogue/poster.tsx";
import { dateTimeText } from "../format/dates.ts";
import { organizerText } from "../i18n/ko/organizer.ts";
import { language } from "../i18n/language.ts";
import { TextField } from "../page/text-field.tsx";
import { useDialog } from "../page/dialog.ts";
import { Alert, useLoad, WhenLoaded } from "../page/load.tsx";
import { More, usePages } from "../page/more.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { sentenceOf } from "../page/sentence.ts";
import { editPath, livePath } from "./paths.ts";
import { PhaseBadge } from "./phase-badge.tsx";

function Home(): JSX.Element {
  const t = useStore(organizerText);
  useTitle(t.title);
  const first = useLoad(() => listDrafts(null));
  const refused = first.state === "failed" && first.error instanceof Problem && first.error.code === "role-required";
  return (
    <>
      <div class="page-head console-head">
        <div>
          <h1>{t.title}</h1>
          <p class="lead">{t.lead}</p>
        </div>
        {!refused && <Create />}
      </div>
      {refused ? (
        <Alert text={t.notOrganiser} />
      ) : (
        <WhenLoaded of={first}>{(page) => <List first={page} />}</WhenLoaded>
      )}
    </>
  );
}

function Create(): JSX.Element {
  const t = useStore(organizerText);
  const [open, setOpen] = useState(false);
  const dialog = useDialog(open, () => setOpen(false));
  const [title, setTitle] = useState("");
  const [error, setError] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  async function begin(event: Event): Promise<void> {
    event.preventDefault();
    const name = title.trim();
    if (name === "" || [...name].length > 120) return setError(t.nameError);
    setBusy(true);
    setError(undefined);
    try {
      location.assign(editPath(await createDraft(name)));
    } catch (failure) {
      setError(sentenceOf(failure));
      setBusy(false);
    }
  }
  return (
    <>
      <button type="button" class="button" data-action="create" onClick={() => setOpen(true)}>
        {t.create}
      </button>
      <dialog {...dialog} aria-labelledby="create-title">
        <form onSubmit={(event) => void begin(event)} noValidate>
          <h2 id="create-title">{t.createTitle}</h2>
          <TextField id="new-title" label={t.name} hint={t.createHint} error={error} value={title} onInput={setTitle} />
          <div class="actions">
            <button type="button" class="button quiet" onClick={() => setOpen(false)}>
              {t.cancel}
            </button>
            <button type="submit" class="button" data-action="begin" disabled={busy}>
              {t.begin}
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}

function List({ first }: { readonly first: Page<Draft> }): JSX.Element {
  const t = useStore(organizerText);
  const list = usePages(first, listDrafts);
  const { items } = list;
  if (items.length === 0) return <p class="empty">{t.empty}</p>;
  return (
    <>
      <ul class="drafts">
        {items.map((item) => (
          <li key={item.id}>
            <Row item={item} />
          </li>
        ))}
      </ul>
      <More of={list} label={t.more} />
    </>
  );
}

function Row({ item }: { readonly item: Draft }): JSX.Element {
  const t = useStore(organizerText);
  const chosen = useStore(language);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const openAt = Date.parse(String(item.settings["openAt"] ?? ""));
  const published = item.publishedAt !== null;
  return (
    <article class="card draft-row" data-performance-id={item.id}>
      <div class="draft-art">
        <Poster id={item.id} url={item.posterUrl} />
      </div>
      <div class="draft-text">
        <PhaseBadge phase={item.phase} />
        <h2>{item.title}</h2>
        <p class="faint">
          {Number.isFinite(openAt)
            ? t.opensAt({ time: dateTimeText(openAt, zone, chosen) })
            : t.edited({ time: dateTimeText(item.updatedAt, zone, chosen) })}
        </p>
      </div>
      <div class="actions">
        {published && (
          <a class="button" href={livePath(item.id)} data-action="live">
            {t.live}
          </a>
        )}
        <a class={published ? "button quiet" : "button"} href={editPath(item.id)} data-action="edit">
          {t.edit}
        </a>
      </div>
    </article>
  );
}

void mountPage(Home, [organizerText]);
