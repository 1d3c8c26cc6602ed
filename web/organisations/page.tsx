/** My organisations: asking for one, its people, inviting others. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { askForOrganisation, listOrganisations, type Organisation } from "../calls/organisations.ts";
import { organisationsText } from "../i18n/ko/organisations.ts";
import { signInText } from "../i18n/ko/sign-in.ts";
import { FieldsForm } from "../page/fields-form.tsx";
import { useLoad, WhenLoaded } from "../page/load.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { People } from "./people.tsx";
import { StatusWord } from "./status.tsx";

function OrganisationsPage(): JSX.Element {
  const t = useStore(organisationsText);
  const words = useStore(signInText);
  useTitle(t.title);
  const loaded = useLoad(listOrganisations);
  const again = loaded.state === "loading" ? undefined : loaded.again;
  return (
    <div class="narrow wide-narrow account">
      <h1>{t.title}</h1>
      <WhenLoaded of={loaded}>
        {(items) => (
          <>
            {items.length === 0 && <p class="faint">{t.none}</p>}
            {items.map((item) => (
              <OneOrganisation key={item.id} organisation={item} />
            ))}
          </>
        )}
      </WhenLoaded>
      <section class="card" aria-labelledby="ask">
        <h2 id="ask">{t.ask}</h2>
        <p class="faint">{t.askText}</p>
        <FieldsForm
          fields={[
            {
              name: "name",
              label: t.name,
              type: "text",
              autocomplete: "organization",
              check: (name) => (name.trim() === "" ? t.nameEmpty : null),
            },
          ]}
          action="ask-organisation"
          submit={t.askSubmit}
          working={words.working}
          checkFields={words.checkFields}
          send={async ({ name = "" }) => {
            await askForOrganisation(name.trim());
            again?.();
          }}
        />
      </section>
    </div>
  );
}

function OneOrganisation({ organisation }: { readonly organisation: Organisation }): JSX.Element {
  const t = useStore(organisationsText);
  const { id, name, status, role } = organisation;
  return (
    <section class="card" aria-labelledby={`organisation-${id}`} data-organisation={name}>
      <h2 id={`organisation-${id}`}>{name}</h2>
      <p>
        <StatusWord status={status} /> {t[role]}
      </p>
      {status === "pending" && <p class="faint">{t.pendingText}</p>}
      {role === "owner" && status === "approved" && <People organisationId={id} />}
    </section>
  );
}

void mountPage(OrganisationsPage, [organisationsText, signInText]);
