/** Step one: what it is. */
import { useStore } from "@nanostores/preact";
import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";
import { uploadPoster } from "../../calls/organizer.ts";
import { editText } from "../../i18n/ko/edit.ts";
import { Labelled } from "../../page/labelled.tsx";
import { sentenceOf } from "../../page/sentence.ts";
import { type Desk, textOf } from "./desk.ts";
import { TextInput, WholeInput } from "./inputs.tsx";

export function Basics({ desk }: { readonly desk: Desk }): JSX.Element {
  const t = useStore(editText);
  return (
    <div class="form">
      <div class="form-pair">
        <TextInput desk={desk} field="title" label={t.nameKo} error={t.nameError} lang="ko" />
        <TextInput
          desk={desk}
          field="titleEn"
          label={t.nameEn}
          hint={t.nameEnHint}
          error={t.nameError}
          lang="en"
          emptyIsNull
          optional
        />
      </div>
      <Poster desk={desk} />
      <TextInput desk={desk} field="description" label={t.about} error={t.aboutError} lines={6} lang="ko" optional />
      <TextInput
        desk={desk}
        field="descriptionEn"
        label={t.aboutEn}
        error={t.aboutError}
        lines={6}
        lang="en"
        emptyIsNull
        optional
      />
      <div class="form-pair">
        <WholeInput
          desk={desk}
          field="runTimeMinutes"
          label={t.runTime}
          error={t.runTimeError}
          least={1}
          most={1_440}
          clearable
        />
        <TextInput desk={desk} field="ageRating" label={t.age} hint={t.ageHint} error={t.ageError} emptyIsNull />
      </div>
    </div>
  );
}

function Poster({ desk }: { readonly desk: Desk }): JSX.Element {
  const t = useStore(editText);
  const { values } = useStore(desk.state);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const url = textOf(values, "posterUrl");
  async function send(event: TargetedEvent<HTMLInputElement>): Promise<void> {
    const input = event.currentTarget;
    const file = input.files?.[0];
    if (file === undefined) return;
    setBusy(true);
    setError(undefined);
    try {
      desk.noted({ posterUrl: await uploadPoster(desk.id, file) });
    } catch (failure) {
      setError(sentenceOf(failure));
    }
    // The same file again, after a failure, is a change too.
    input.value = "";
    setBusy(false);
  }
  return (
    <div class="poster-field">
      {url !== "" && <img class="poster" src={url} alt={t.posterAlt} width="320" height="200" />}
      <div>
        <Labelled
          id="poster"
          label={t.poster}
          hint={busy ? t.posterSending : t.posterHint}
          error={error}
          optional={t.optional}
        >
          {(attributes) => (
            <input
              {...attributes}
              type="file"
              accept="image/png,image/jpeg,image/webp"
              disabled={busy}
              onChange={(event) => void send(event)}
            />
          )}
        </Labelled>
        {url !== "" && (
          <button type="button" class="plain" data-action="remove-poster" onClick={() => desk.set("posterUrl", null)}>
            {t.posterRemove}
          </button>
        )}
      </div>
    </div>
  );
}
