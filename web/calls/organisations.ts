/** Organisations: mine, their people, invitations; and what admins decide. */
import { ask } from "../api.ts";
import { type Decoder, fields, listOf, nothing, nullable, oneOf, text, time } from "../decode.ts";

const part = oneOf("owner", "editor", "door");
const status = oneOf("pending", "approved", "rejected", "suspended");
export type Part = ReturnType<typeof part>;
export type OrganisationStatus = ReturnType<typeof status>;
export const partNames = ["owner", "editor", "door"] as const;

export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly status: OrganisationStatus;
  readonly role: Part;
}

export interface Person {
  readonly id: string;
  readonly nickname: string;
  readonly email: string;
  readonly role: Part;
}

export interface Case {
  readonly id: string;
  readonly name: string;
  readonly status: OrganisationStatus;
  readonly founder: string;
  readonly createdAt: number;
}

const organisation = fields<Organisation>({ id: text, name: text, status, role: part });
const person = fields<Person>({ id: text, nickname: text, email: text, role: part });
const oneCase = fields<Case>({ id: text, name: text, status, founder: text, createdAt: time });

const items = <T>(decode: Decoder<T>): Decoder<{ readonly items: readonly T[] }> => fields({ items: listOf(decode) });
const at = (id: string, rest: string): string => `/api/organisations/${encodeURIComponent(id)}/${rest}`;

export async function listOrganisations(): Promise<readonly Organisation[]> {
  return (await ask({ method: "GET", path: "/api/organisations", decode: items(organisation) })).items;
}

export async function askForOrganisation(name: string): Promise<void> {
  await ask({ method: "POST", path: "/api/organisations", body: { name }, decode: nothing, tries: 1 });
}

export async function listPeople(id: string): Promise<readonly Person[]> {
  return (await ask({ method: "GET", path: at(id, "members"), decode: items(person) })).items;
}

export async function changePart(id: string, memberId: string, role: Part): Promise<void> {
  await ask({ method: "PUT", path: at(id, `members/${memberId}`), body: { role }, decode: nothing });
}

export async function removePerson(id: string, memberId: string): Promise<void> {
  await ask({ method: "DELETE", path: at(id, `members/${memberId}`), decode: nothing });
}

export async function invite(id: string, email: string, role: Part): Promise<void> {
  const body = { email, role };
  await ask({ method: "POST", path: at(id, "invitations"), body, decode: nothing, tries: 1, timeoutMs: 30_000 });
}

export async function acceptInvitation(token: string): Promise<string> {
  const answer = fields({ organisation: text });
  const question = { method: "POST", path: "/api/invitations/accept", body: { token }, decode: answer } as const;
  return (await ask({ ...question, tries: 1 })).organisation;
}

export async function listCases(cursor: string | null): Promise<{ items: readonly Case[]; nextCursor: string | null }> {
  const path = `/api/admin/organisations${cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`}`;
  return ask({ method: "GET", path, decode: fields({ items: listOf(oneCase), nextCursor: nullable(text) }) });
}

export async function decide(id: string, decision: "approved" | "rejected" | "suspended"): Promise<void> {
  const path = `/api/admin/organisations/${encodeURIComponent(id)}/decision`;
  await ask({ method: "POST", path, body: { status: decision }, decode: nothing, repeatable: true });
}

export async function setAdmin(email: string, admin: boolean): Promise<void> {
  await ask({ method: "POST", path: "/api/admin/admins", body: { email, admin }, decode: nothing, repeatable: true });
}
