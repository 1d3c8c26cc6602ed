/** One block of seats: how many, for whom, and what can be done with it. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { SeatBlock } from "../../calls/blocks.ts";
import { manageText } from "../../i18n/ko/manage.ts";
import { Confirm } from "../../page/confirm.tsx";
import { Labelled } from "../../page/labelled.tsx";
import { TextField } from "../../page/text-field.tsx";
import type { Act } from "./act.ts";

interface OneProps {
  readonly block: SeatBlock;
  readonly picked: ReadonlySet<string>;
  readonly act: Act;
  readonly onRelease: (seats: readonly string[] | null) => Promise<void>;
  readonly onGrant: (channel: string | null, code: string | null) => Promise<boolean>;
}

export function OneBlock({ block, picked, act, onRelease, onGrant }: OneProps): JSX.Element {
  const t = useStore(manageText);
  const [granting, setGranting] = useState(false);
  /** What is about to go on sale, if somebody says so: some places, or with null all of them. */
  const [releasing, setReleasing] = useState<{ readonly seats: readonly string[] | null } | null>(null);
  const some = block.places.filter(({ id }) => picked.has(id)).map(({ id }) => id);
  const { number, reason, channel, places, taken } = block;
  return (
    <article class="purchase" data-block={number}>
      <div>
        <p>
          <strong>{reason}</strong> <span class="faint">{t.blockCount({ n: places.length, taken })}</span>
        </p>
        <p class="faint">{channel === null ? t.grantedToNobody : t.grantedTo({ channel })}</p>
      </div>
      <div class="actions">
        <button
          type="button"
          class="button quiet"
          data-action="grant"
          aria-expanded={granting}
          onClick={() => setGranting(!granting)}
        >
          {t.grant}
        </button>
        {channel !== null && (
          <button
            type="button"
            class="button quiet"
            data-action="withdraw-grant"
            disabled={act.busy}
            onClick={() => void onGrant(null, null)}
          >
            {t.withdrawGrant}
          </button>
        )}
        {some.length > 0 && (
          <button
            type="button"
            class="button quiet"
            data-action="release-some"
            disabled={act.busy}
            onClick={() => setReleasing({ seats: some })}
          >
            {t.releaseSome({ n: some.length })}
          </button>
        )}
        <button
          type="button"
          class="button quiet"
          data-action="release-block"
          disabled={act.busy}
          onClick={() => setReleasing({ seats: null })}
        >
          {t.releaseAll}
        </button>
      </div>
      <Confirm
        open={releasing !== null}
        title={t.releaseTitle}
        text={t.releaseText({ n: releasing?.seats?.length ?? places.length - taken })}
        keep={t.keep}
        go={t.releaseGo}
        action="release-block"
        busy={act.busy}
        onKeep={() => setReleasing(null)}
        onGo={() => void onRelease(releasing?.seats ?? null).then(() => setReleasing(null))}
      />
      {granting && (
        <Grant
          number={number}
          act={act}
          onGrant={async (to, code) => {
            if (await onGrant(to, code)) setGranting(false);
          }}
        />
      )}
    </article>
  );
}

/** Easy to read out, hard to guess: no letters that look like digits. */
function newCode(): string {
  const letters = "ABCDEFGHJKMNPQRSTVWXYZ23456789";
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => letters[byte % letters.length]).join("");
}

interface GrantProps {
  readonly number: number;
  readonly act: Act;
  readonly onGrant: (channel: string, code: string) => Promise<void>;
}

function Grant({ number, act, onGrant }: GrantProps): JSX.Element {
  const t = useStore(manageText);
  const [channel, setChannel] = useState("");
  const [code, setCode] = useState(newCode);
  return (
    <form
      class="form grant"
      onSubmit={(event) => {
        event.preventDefault();
        void onGrant(channel.trim(), code.trim());
      }}
    >
      <TextField id={`grant-channel-${number}`} label={t.channel} maxLength={60} value={channel} onInput={setChannel} />
      <Labelled id={`grant-code-${number}`} label={t.code} hint={t.codeHint}>
        {(attributes) => (
          <input
            {...attributes}
            type="text"
            autocomplete="off"
            spellcheck={false}
            maxLength={64}
            value={code}
            onInput={(event) => setCode(event.currentTarget.value)}
          />
        )}
      </Labelled>
      <button
        type="submit"
        class="button"
        data-action="grant-confirm"
        disabled={act.busy || channel.trim() === "" || code.trim().length < 8}
      >
        {t.grantGo}
      </button>
    </form>
  );
}
