/** Who belongs to an organisation, for its owners: their parts, and an invitation for somebody else. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import {
  changePart,
  invite,
  listPeople,
  partNames,
  removePerson,
  type Part,
  type Person,
} from "../calls/organisations.ts";
import { organisationsText } from "../i18n/ko/organisations.ts";
import { signInText } from "../i18n/ko/sign-in.ts";
import { FieldsForm } from "../page/fields-form.tsx";
import { Alert, useLoad, WhenLoaded } from "../page/load.tsx";
import { sentenceOf } from "../page/sentence.ts";
import { complaints } from "../sign-in/fields.ts";

export function People({ organisationId }: { readonly organisationId: string }): JSX.Element {
  const t = useStore(organisationsText);
  const loaded = useLoad(() => listPeople(organisationId));
  const [failure, setFailure] = useState("");
  async function act(work: Promise<void>): Promise<void> {
    setFailure("");
    try {
      await work;
    } catch (error) {
      setFailure(sentenceOf(error));
    }
    if (loaded.state !== "loading") loaded.again();
  }
  return (
    <>
      <h3>{t.people}</h3>
      {failure !== "" && <Alert text={failure} />}
      <WhenLoaded of={loaded}>
        {(people) => (
          <ul class="rows people">
            {people.map((person) => (
              <li key={person.id}>
                <span>
                  {person.nickname} <span class="faint block">{person.email}</span>
                </span>
                <span class="actions">
                  <PartSelect
                    label={t.partOf({ name: person.nickname })}
                    chosen={person.role}
                    onChoose={(role) => void act(changePart(organisationId, person.id, role))}
                  />
                  <Remove person={person} onRemove={() => void act(removePerson(organisationId, person.id))} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </WhenLoaded>
      <Invite organisationId={organisationId} />
    </>
  );
}

function Remove({ person, onRemove }: { readonly person: Person; readonly onRemove: () => void }): JSX.Element {
  const t = useStore(organisationsText);
  return (
    <button
      type="button"
      class="button quiet"
      data-action="remove-person"
      aria-label={t.removeNamed({ name: person.nickname })}
      onClick={onRemove}
    >
      {t.remove}
    </button>
  );
}

interface PartProps {
  readonly label: string;
  readonly chosen: Part;
  readonly onChoose: (part: Part) => void;
}

function PartSelect({ label, chosen, onChoose }: PartProps): JSX.Element {
  const t = useStore(organisationsText);
  return (
    <select
      class="choice"
      aria-label={label}
      value={chosen}
      onChange={(event) => {
        const part = partNames.find((name) => name === event.currentTarget.value);
        if (part !== undefined) onChoose(part);
      }}
    >
      {partNames.map((name) => (
        <option key={name} value={name} selected={name === chosen}>
          {t[name]}
        </option>
      ))}
    </select>
  );
}

function Invite({ organisationId }: { readonly organisationId: string }): JSX.Element {
  const t = useStore(organisationsText);
  const words = useStore(signInText);
  const [role, setRole] = useState<Part>("editor");
  const [sent, setSent] = useState<string | null>(null);
  return (
    <>
      <h3>{t.invite}</h3>
      {sent !== null && (
        <p class="note note-good" role="status">
          {t.invited({ email: sent })}
        </p>
      )}
      <PartSelect label={t.part} chosen={role} onChoose={setRole} />
      <p class="faint">{t.partsText}</p>
      <FieldsForm
        fields={[
          {
            // Several of these forms may stand on one page.
            name: `email-${organisationId}`,
            label: words.email,
            type: "email",
            autocomplete: "off",
            check: (email) => {
              const { email: complaint } = complaints({ email, password: "x", nickname: "" }, false);
              return complaint === undefined ? null : words[complaint];
            },
          },
        ]}
        action="invite"
        submit={t.inviteSubmit}
        working={words.working}
        checkFields={words.checkFields}
        send={async (values) => {
          const email = values[`email-${organisationId}`] ?? "";
          setSent(null);
          await invite(organisationId, email.trim(), role);
          setSent(email.trim());
        }}
      />
    </>
  );
}
