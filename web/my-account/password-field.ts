/** The field for a new password, the same wherever one is chosen. */
import type { FieldPlan } from "../page/fields-form.tsx";
import { complaints } from "../sign-in/fields.ts";

interface Words {
  readonly passwordHint: string;
  readonly passwordEmpty: string;
  readonly passwordShort: string;
}

export function newPasswordField({ newPassword }: { readonly newPassword: string }, words: Words): FieldPlan {
  return {
    name: "password",
    label: newPassword,
    type: "password",
    autocomplete: "new-password",
    hint: words.passwordHint,
    check: (password) => {
      const complaint = complaints({ email: "a@example.com", password, nickname: "x" }, true).password;
      return complaint === "passwordEmpty" || complaint === "passwordShort" ? words[complaint] : null;
    },
  };
}
