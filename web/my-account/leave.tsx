/** Leaving for good: said what it means, asked for the password, and told what stands in the way. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Problem } from "../api.ts";
import { withdraw } from "../calls/account.ts";
import { accountText } from "../i18n/ko/account.ts";
import { signInText } from "../i18n/ko/sign-in.ts";
import { FieldsForm } from "../page/fields-form.tsx";
import { obstaclesOf } from "./obstacles.ts";

export function LeaveSection(): JSX.Element {
  const t = useStore(accountText);
  const words = useStore(signInText);
  const [obstacles, setObstacles] = useState<readonly string[]>([]);
  async function leave(password: string): Promise<void> {
    setObstacles([]);
    try {
      await withdraw(password);
    } catch (error) {
      if (error instanceof Problem && error.code === "withdrawal-blocked") setObstacles(obstaclesOf(error.evidence, t));
      throw error;
    }
    location.assign("/");
  }
  return (
    <section class="card" aria-labelledby="leave-head">
      <h2 id="leave-head">{t.leave}</h2>
      <details>
        <summary>{t.leaveOpen}</summary>
        <p>{t.leaveText}</p>
        {obstacles.length > 0 && (
          <div class="note note-good" role="status">
            <p>{t.leaveBlocked}</p>
            <ul>
              {obstacles.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
            <p>
              <a href="/orders">{t.toOrders}</a>
            </p>
          </div>
        )}
        <FieldsForm
          fields={[
            {
              name: "withdrawal-password",
              label: words.password,
              type: "password",
              autocomplete: "current-password",
              check: (password) => (password === "" ? words.passwordEmpty : null),
            },
          ]}
          codes={{ "password-wrong": "withdrawal-password" }}
          danger
          action="withdraw"
          submit={t.leaveSubmit}
          working={words.working}
          checkFields={words.checkFields}
          send={(values) => leave(values["withdrawal-password"] ?? "")}
        />
      </details>
    </section>
  );
}
