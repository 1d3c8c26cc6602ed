/** Pre-sale codes and the external verifier, for the sale that asks for them. What is shown once is saved at once. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import {
  type CodeBatch,
  makeCodes,
  readVerificationOfSale,
  setVerifier,
  type VerificationOfSale,
  voidCodes,
} from "../../calls/verification.ts";
import { controlText } from "../../i18n/ko/control.ts";
import { Confirm } from "../../page/confirm.tsx";
import { Labelled } from "../../page/labelled.tsx";
import { type Act, useAct } from "./act.ts";
import { Said } from "./said.tsx";

interface Props {
  readonly id: string;
  readonly act: Act;
  /** Asks again what there is. */
  readonly look: () => Promise<void>;
}

export function VerificationCard({ id }: { readonly id: string }): JSX.Element | null {
  const t = useStore(controlText);
  const act = useAct();
  const [state, setState] = useState<VerificationOfSale | null>(null);
  const look = async (): Promise<void> => setState(await readVerificationOfSale(id));
  useEffect(() => void look().catch(() => undefined), []);
  if (state === null || state.by === null) return null;
  return (
    <section class="card form" aria-label={t.verification} data-verification={state.by}>
      <div class="console-head">
        <h2>{t.verification}</h2>
        <p class="faint">{t.verified({ n: state.verified })}</p>
      </div>
      {state.by === "codes" ? (
        <Codes id={id} act={act} look={look} batches={state.batches} />
      ) : (
        <VerifierForm id={id} act={act} look={look} url={state.verifier?.url ?? null} />
      )}
      <Said act={act} />
    </section>
  );
}

function Codes({ id, act, look, batches }: Props & { readonly batches: readonly CodeBatch[] }): JSX.Element {
  const t = useStore(controlText);
  const [count, setCount] = useState("100");
  const [label, setLabel] = useState("");
  const [ending, setEnding] = useState<CodeBatch | null>(null);
  async function make(): Promise<void> {
    save(`codes-${label}.txt`, await makeCodes(id, { count: Number(count), label }));
    await look();
  }
  return (
    <>
      <p class="faint">{t.codesHint}</p>
      <form
        class="form-pair"
        onSubmit={(event) => {
          event.preventDefault();
          void act.run(make, t.codesMade);
        }}
      >
        <Labelled id="codes-label" label={t.codesLabel}>
          {(attributes) => (
            <input
              {...attributes}
              required
              maxlength={100}
              autocomplete="off"
              value={label}
              onInput={(event) => setLabel(event.currentTarget.value)}
            />
          )}
        </Labelled>
        <Labelled id="codes-count" label={t.codesCount}>
          {(attributes) => (
            <input
              {...attributes}
              type="number"
              required
              min={1}
              max={10_000}
              value={count}
              onInput={(event) => setCount(event.currentTarget.value)}
            />
          )}
        </Labelled>
        <button type="submit" class="button" data-action="make-codes" disabled={act.busy}>
          {t.codesMake}
        </button>
      </form>
      <ul class="rows">
        {batches.map((batch) => (
          <li key={batch.number} data-batch={batch.number}>
            <span>
              {batch.number}. {batch.label} · {t.codesUsed({ used: batch.used, count: batch.count })}
            </span>
            {batch.voidedAt === null ? (
              <button type="button" class="button quiet" data-action="void-codes" onClick={() => setEnding(batch)}>
                {t.codesVoid}
              </button>
            ) : (
              <span class="faint">{t.codesVoided}</span>
            )}
          </li>
        ))}
      </ul>
      <Confirm
        open={ending !== null}
        title={t.codesVoidTitle}
        text={t.codesVoidText}
        keep={t.keep}
        go={t.codesVoid}
        action="void-codes"
        busy={act.busy}
        onKeep={() => setEnding(null)}
        onGo={() =>
          void act
            .run(async () => {
              if (ending !== null) await voidCodes(id, ending.number);
              await look();
            })
            .then(() => setEnding(null))
        }
      />
    </>
  );
}

function VerifierForm({ id, act, look, url }: Props & { readonly url: string | null }): JSX.Element {
  const t = useStore(controlText);
  const [address, setAddress] = useState(url ?? "");
  const [secret, setSecret] = useState<string | null>(null);
  async function set(): Promise<void> {
    setSecret(await setVerifier(id, address));
    await look();
  }
  return (
    <>
      <p class={url === null ? "alert" : "faint"}>{url === null ? t.verifierMissing : t.verifierHint}</p>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          void act.run(set);
        }}
      >
        <Labelled id="verifier-url" label={t.verifierUrl}>
          {(attributes) => (
            <input
              {...attributes}
              type="url"
              required
              maxlength={500}
              autocomplete="off"
              value={address}
              onInput={(event) => setAddress(event.currentTarget.value)}
            />
          )}
        </Labelled>
        <button type="submit" class="button" data-action="set-verifier" disabled={act.busy}>
          {url === null ? t.verifierSet : t.verifierAgain}
        </button>
      </form>
      {secret !== null && (
        <p role="status">
          {t.verifierSecret} <code data-secret>{secret}</code>
        </p>
      )}
    </>
  );
}

/** One code a line, as a file: this is the only time they are there. */
function save(name: string, codes: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([codes.join("\r\n"), "\r\n"], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it over by the time anybody could press again.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
