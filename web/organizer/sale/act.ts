/** Doing something to the sale: busy meanwhile, a sentence afterwards, whichever way it went. */
import { useStore } from "@nanostores/preact";
import { useState } from "preact/hooks";
import { controlText } from "../../i18n/ko/control.ts";
import { sentenceOf } from "../../page/sentence.ts";
import { speak } from "../../page/speak.ts";

export interface Act {
  readonly busy: boolean;
  readonly said: { readonly good: boolean; readonly text: string } | null;
  readonly run: (work: () => Promise<unknown>, done?: string) => Promise<boolean>;
}

export function useAct(): Act {
  const t = useStore(controlText);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Act["said"]>(null);
  async function run(work: () => Promise<unknown>, done = t.done): Promise<boolean> {
    setBusy(true);
    setSaid(null);
    try {
      await work();
      setSaid({ good: true, text: done });
      speak(done);
      return true;
    } catch (error) {
      setSaid({ good: false, text: sentenceOf(error) });
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, said, run };
}
