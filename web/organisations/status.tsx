/** What has been decided about an organisation, in a word. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import type { OrganisationStatus } from "../calls/organisations.ts";
import { organisationsText } from "../i18n/ko/organisations.ts";

const looks = {
  pending: "badge badge-pending",
  approved: "badge badge-open",
  rejected: "badge badge-failed",
  suspended: "badge badge-failed",
} as const;

export function StatusWord({ status }: { readonly status: OrganisationStatus }): JSX.Element {
  const t = useStore(organisationsText);
  return <span class={looks[status]}>{t[status]}</span>;
}
