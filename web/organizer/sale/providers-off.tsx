/** What an organiser is told while a payment provider is offered to nobody: fans may ask why they cannot pay. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { listSwitchedOff } from "../../calls/payments.ts";
import { providerName } from "../../format/provider-name.ts";
import { controlText } from "../../i18n/ko/control.ts";

/** As long as the answer may be kept on the way. */
const LOOK_EVERY_MS = 60_000;

export function ProvidersOff(): JSX.Element | null {
  const t = useStore(controlText);
  const [off, setOff] = useState<readonly string[]>([]);
  useEffect(() => {
    // What is not heard changes nothing: the last answer stands.
    const look = (): void => void listSwitchedOff().then(setOff, () => undefined);
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  if (off.length === 0) return null;
  return (
    <p class="alert" role="status" data-providers-off={off.join(" ")}>
      {t.providersOff({ names: off.map(providerName).join(", ") })}
    </p>
  );
}
