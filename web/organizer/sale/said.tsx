/** How what was asked for went. */
import type { JSX } from "preact";
import { Alert } from "../../page/load.tsx";
import type { Act } from "./act.ts";

export function Said({ act: { said } }: { readonly act: Act }): JSX.Element | null {
  if (said === null) return null;
  if (!said.good) return <Alert text={said.text} />;
  return (
    <p class="faint" data-said="done">
      {said.text}
    </p>
  );
}
