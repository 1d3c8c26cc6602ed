/** What admins decide: which organisations may sell, and who else is an admin. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Page } from "../calls/performances.ts";
import { type Case, decide, listCases, setAdmin } from "../calls/organisations.ts";
import { dateTimeText } from "../format/dates.ts";
import { language } from "../i18n/language.ts";
import { organisationsText } from "../i18n/ko/organisations.ts";
import { signInText } from "../i18n/ko/sign-in.ts";
import { StatusWord } from "../organisations/status.tsx";
import { FieldsForm } from "../page/fields-form.tsx";
import { Alert, useLoad, WhenLoaded } from "../page/load.tsx";
import { More, usePages } from "../page/more.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { sentenceOf } from "../page/sentence.ts";
import { complaints } from "../sign-in/fields.ts";

const decisions = ["approved", "rejected", "suspended"] as const;
/** What makes sense from where it is. */
const next = {
  pending: ["approved", "rejected"],
  approved: ["suspended"],
  rejected: ["approved"],
  suspended: ["approved"],
} as const satisfies Record<Case["status"], readonly (typeof decisions)[number][]>;

function AdminPage(): JSX.Element {
  const t = useStore(organisationsText);
  useTitle(t.adminTitle);
  const loaded = useLoad(() => listCases(null));
  return (
    <div class="narrow wide-narrow account">
      <h1>{t.adminTitle}</h1>
      <section class="card" aria-labelledby="cases">
        <h2 id="cases">{t.cases}</h2>
        <WhenLoaded of={loaded}>{(page) => <Cases first={page} />}</WhenLoaded>
      </section>
      <Admins />
    </div>
  );
}

function Cases({ first }: { readonly first: Page<Case> }): JSX.Element {
  const t = useStore(organisationsText);
  const chosen = useStore(language);
  const list = usePages(first, listCases);
  const { items, setItems } = list;
  const [failure, setFailure] = useState("");
  async function attempt(work: () => Promise<void>): Promise<void> {
    setFailure("");
    await work().catch((error: unknown) => setFailure(sentenceOf(error)));
  }
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <>
      {failure !== "" && <Alert text={failure} />}
      {items.length === 0 && <p class="faint">{t.noCases}</p>}
      <ul class="rows people">
        {items.map((item) => (
          <li key={item.id} data-case={item.name}>
            <span>
              <strong>{item.name}</strong> <StatusWord status={item.status} />
              <span class="faint block">
                {item.founder} · {dateTimeText(item.createdAt, zone, chosen)}
              </span>
            </span>
            <span class="actions">
              {next[item.status].map((decision) => (
                <button
                  key={decision}
                  type="button"
                  class="button quiet"
                  data-action={decision}
                  aria-label={`${item.name}: ${t[`${decision}Do`]}`}
                  onClick={() =>
                    void attempt(async () => {
                      await decide(item.id, decision);
                      setItems(items.map((one) => (one.id === item.id ? { ...one, status: decision } : one)));
                    })
                  }
                >
                  {t[`${decision}Do`]}
                </button>
              ))}
            </span>
          </li>
        ))}
      </ul>
      <More of={list} label={t.more} />
    </>
  );
}

function Admins(): JSX.Element {
  const t = useStore(organisationsText);
  const words = useStore(signInText);
  const [said, setSaid] = useState("");
  const form = (admin: boolean): JSX.Element => (
    <FieldsForm
      fields={[
        {
          name: admin ? "email" : "former-email",
          label: words.email,
          type: "email",
          autocomplete: "off",
          check: (email) => {
            const { email: complaint } = complaints({ email, password: "x", nickname: "" }, false);
            return complaint === undefined ? null : words[complaint];
          },
        },
      ]}
      action={admin ? "add-admin" : "remove-admin"}
      submit={admin ? t.addAdmin : t.removeAdmin}
      working={words.working}
      checkFields={words.checkFields}
      danger={!admin}
      send={async (values) => {
        setSaid("");
        await setAdmin((values[admin ? "email" : "former-email"] ?? "").trim(), admin);
        setSaid(admin ? t.adminAdded : t.adminRemoved);
      }}
    />
  );
  return (
    <section class="card" aria-labelledby="admins">
      <h2 id="admins">{t.admins}</h2>
      <p class="faint">{t.adminsText}</p>
      <p role="status">{said}</p>
      {form(true)}
      <details>
        <summary>{t.removeAdmin}</summary>
        {form(false)}
      </details>
    </section>
  );
}

void mountPage(AdminPage, [organisationsText, signInText]);
