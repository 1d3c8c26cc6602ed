/** What can be said about the fields before asking the server; the server checks again. */
export type FieldName = "email" | "password" | "nickname";
export type Complaint = "emailEmpty" | "emailWrong" | "passwordEmpty" | "passwordShort" | "nicknameEmpty";
export type Values = Readonly<Record<FieldName, string>>;

const shortestPassword = 8;

/** All complaints at once. */
export function complaints(values: Values, signingUp: boolean): Partial<Record<FieldName, Complaint>> {
  const found: Partial<Record<FieldName, Complaint>> = {};
  const email = values.email.trim();
  if (email === "") found.email = "emailEmpty";
  else if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) found.email = "emailWrong";
  if (values.password === "") found.password = "passwordEmpty";
  else if (signingUp && values.password.length < shortestPassword) found.password = "passwordShort";
  if (signingUp && values.nickname.trim() === "") found.nickname = "nicknameEmpty";
  return found;
}
