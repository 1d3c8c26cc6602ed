/** Seats out of the sale: picked on the map or by rows, blocked for a reason, granted to whoever has a code, freed again. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { blockSeats, grantBlock, listBlocks, releaseSeats, type SeatBlock } from "../../calls/blocks.ts";
import type { ChartPicture as Chart } from "../../calls/charts.ts";
import { manageText } from "../../i18n/ko/manage.ts";
import { Labelled } from "../../page/labelled.tsx";
import { sentenceOf } from "../../page/sentence.ts";
import { Alert } from "../../page/load.tsx";
import { TextField } from "../../page/text-field.tsx";
import { seatsOfRow, toggled } from "../picking.ts";
import { type Act, useAct } from "./act.ts";
import { OneBlock } from "./one-block.tsx";
import { Said } from "./said.tsx";

interface Props {
  readonly id: string;
  readonly scheduleId: string;
  readonly chart: Chart;
  readonly picked: ReadonlySet<string>;
  readonly onPick: (picked: ReadonlySet<string>) => void;
}

export function Blocks({ id, scheduleId, chart, picked, onPick }: Props): JSX.Element {
  const t = useStore(manageText);
  const act = useAct();
  const [blocks, setBlocks] = useState<readonly SeatBlock[] | null>(null);
  const [error, setError] = useState("");
  const look = async (): Promise<void> => {
    try {
      setBlocks(await listBlocks(id, scheduleId));
      setError("");
    } catch (failure) {
      setError(sentenceOf(failure));
    }
  };
  useEffect(() => void look(), [id, scheduleId]);
  const change = async (work: () => Promise<unknown>, said: string): Promise<boolean> => {
    const done = await act.run(work, said);
    if (done) await look();
    return done;
  };
  return (
    <section class="blocks form" aria-labelledby="blocks-title">
      <h3 id="blocks-title">{t.blocks}</h3>
      <p class="faint">{t.blocksLead}</p>
      <RowPicker chart={chart} onRow={(seats) => onPick(toggled(picked, seats))} />
      <NewBlock
        chart={chart}
        picked={picked}
        act={act}
        onClear={() => onPick(new Set())}
        onBlock={async (reason, zones) => {
          const seats = Array.from(picked);
          const wanted = { scheduleId, reason, ...(seats.length > 0 && { seats }), ...(zones.length > 0 && { zones }) };
          if (!(await change(() => blockSeats(id, wanted), t.blocked))) return false;
          onPick(new Set());
          return true;
        }}
      />
      <Said act={act} />
      {error !== "" && <Alert text={error} />}
      {blocks !== null && blocks.length === 0 && <p class="faint">{t.noBlocks}</p>}
      <ul class="purchases">
        {(blocks ?? []).map((block) => (
          <li key={block.number}>
            <OneBlock
              block={block}
              picked={picked}
              act={act}
              onRelease={async (seats) => {
                await change(() => releaseSeats(id, block.number, seats), t.released);
                onPick(new Set());
              }}
              onGrant={(channel, code) =>
                change(() => grantBlock(id, block.number, channel, code), channel === null ? t.withdrawn : t.granted)
              }
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** For who does not point: any row by its name. */
function RowPicker({
  chart,
  onRow,
}: {
  readonly chart: Chart;
  readonly onRow: (seats: readonly string[]) => void;
}): JSX.Element | null {
  const t = useStore(manageText);
  const [section, setSection] = useState(chart.sections[0]?.id ?? "");
  const [row, setRow] = useState("");
  const rows = chart.sections.find(({ id }) => id === section)?.rows ?? [];
  const chosen = rows.some(({ label }) => label === row) ? row : (rows[0]?.label ?? "");
  if (chart.sections.length === 0) return null;
  return (
    <div class="row-picker">
      <Labelled id="block-section" label={t.section}>
        {(attributes) => (
          <select {...attributes} value={section} onChange={(event) => setSection(event.currentTarget.value)}>
            {chart.sections.map(({ id, name }) => (
              <option key={id} value={id}>
                {name === "" ? id : name}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Labelled id="block-row" label={t.row}>
        {(attributes) => (
          <select {...attributes} value={chosen} onChange={(event) => setRow(event.currentTarget.value)}>
            {rows.map(({ label }) => (
              <option key={label} value={label}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <button
        type="button"
        class="button quiet"
        data-action="pick-row"
        onClick={() => onRow(seatsOfRow(chart, section, chosen))}
      >
        {t.pickRow}
      </button>
    </div>
  );
}

type ZoneCount = { readonly zone: string; readonly count: number };

interface NewBlockProps {
  readonly chart: Chart;
  readonly picked: ReadonlySet<string>;
  readonly act: Act;
  readonly onClear: () => void;
  readonly onBlock: (reason: string, zones: readonly ZoneCount[]) => Promise<boolean>;
}

function NewBlock({ chart, picked, act, onClear, onBlock }: NewBlockProps): JSX.Element {
  const t = useStore(manageText);
  const [reason, setReason] = useState("");
  const [counts, setCounts] = useState<Readonly<Record<string, string>>>({});
  const zones = chart.zones
    .map(({ id }) => ({ zone: id, count: Number(counts[id] ?? "0") }))
    .filter(({ count }) => Number.isInteger(count) && count > 0);
  const nothing = picked.size === 0 && zones.length === 0;
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void onBlock(reason.trim(), zones).then((done) => {
          if (!done) return;
          setReason("");
          setCounts({});
        });
      }}
    >
      {chart.zones.map(({ id, name }) => (
        <Labelled key={id} id={`block-zone-${id}`} label={t.zoneCount({ zone: name })}>
          {(attributes) => (
            <input
              {...attributes}
              type="text"
              inputMode="numeric"
              value={counts[id] ?? ""}
              onInput={(event) => setCounts({ ...counts, [id]: event.currentTarget.value })}
            />
          )}
        </Labelled>
      ))}
      <p role="status" data-picked={picked.size}>
        {t.picked({ n: picked.size })}{" "}
        {picked.size > 0 && (
          <button type="button" class="plain" data-action="clear-picked" onClick={onClear}>
            {t.clearPicked}
          </button>
        )}
      </p>
      <TextField
        id="block-reason"
        label={t.reason}
        hint={t.blockReasonHint}
        maxLength={200}
        value={reason}
        onInput={setReason}
      />
      <button
        type="submit"
        class="button"
        data-action="block-seats"
        disabled={act.busy || nothing || reason.trim() === ""}
      >
        {t.block}
      </button>
    </form>
  );
}
