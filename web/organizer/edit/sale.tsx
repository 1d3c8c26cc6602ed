/** Step five: when the sale opens, how its order comes about, and how fast people come in. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { editText } from "../../i18n/ko/edit.ts";
import { type Desk, timeOf, zoneOf } from "./desk.ts";
import { MomentInput, WholeInput } from "./inputs.tsx";

/** What holds where the organiser says nothing (workers/edge/routes/organizer/readiness.ts). */
const usual = {
  ratePerMinute: 6_000,
  showUpSeconds: 60,
  bookingMinutes: 10,
  holdSeconds: 300,
  paymentSeconds: 480,
  depositHours: 24,
  maxSeatsPerMember: 4,
  absenceGraceSeconds: 600,
  queueLimitFactor: 0,
} as const;

const HOUR = 3_600_000;

export function Sale({ desk }: { readonly desk: Desk }): JSX.Element {
  const t = useStore(editText);
  const state = useStore(desk.state);
  const { values } = state;
  const zone = zoneOf(state);
  const [gatherAt, openAt, closeAt] = ["gatherAt", "openAt", "closeAt"].map((name) =>
    timeOf(values, `settings.${name}`),
  );
  const drawn = gatherAt !== null;
  const ordered = (before: number | null | undefined, after: number | null | undefined): string | undefined =>
    before != null && after != null && before >= after ? t.timeOrder : undefined;
  const joining = [
    [null, t.joinAll, t.joinAllHint],
    ["codes", t.joinCodes, t.joinCodesHint],
    ["verifier", t.joinVerifier, t.joinVerifierHint],
  ] as const;
  const said = <K extends string>(key: K, text: string | undefined) => (text === undefined ? {} : { [key]: text });
  return (
    <div class="form">
      <fieldset class="group">
        <legend>{t.method}</legend>
        <label class="choice-line">
          <input
            type="radio"
            name="method"
            data-method="arrival"
            checked={!drawn}
            onChange={() => {
              desk.set("settings.gatherAt", null);
              desk.set("settings.beacon", false);
            }}
          />
          <span>
            <strong>{t.byArrival}</strong>
            <span class="faint block">{t.byArrivalHint}</span>
          </span>
        </label>
        <label class="choice-line">
          <input
            type="radio"
            name="method"
            data-method="draw"
            checked={drawn}
            onChange={() =>
              desk.set("settings.gatherAt", new Date((openAt ?? Date.now() + 2 * HOUR) - HOUR).toISOString())
            }
          />
          <span>
            <strong>{t.byDraw}</strong>
            <span class="faint block">{t.byDrawHint}</span>
          </span>
        </label>
        {drawn && (
          <label class="check">
            <input
              type="checkbox"
              checked={values["settings.beacon"] === true}
              onChange={(event) => desk.set("settings.beacon", event.currentTarget.checked)}
            />
            {t.beacon}
          </label>
        )}
      </fieldset>
      <fieldset class="group">
        <legend>{t.joining}</legend>
        {joining.map(([way, name, hint]) => (
          <label class="choice-line" key={name}>
            <input
              type="radio"
              name="joining"
              data-joining={way ?? "all"}
              checked={(values["settings.verification"] ?? null) === way}
              onChange={() => desk.set("settings.verification", way)}
            />
            <span>
              <strong>{name}</strong>
              <span class="faint block">{hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset class="group">
        <legend>{t.times}</legend>
        <p class="faint">{t.zoneHint({ zone })}</p>
        <div class="form-pair">
          {drawn && (
            <MomentInput
              desk={desk}
              field="settings.gatherAt"
              label={t.gatherAt}
              zone={zone}
              {...said("error", ordered(gatherAt, openAt))}
            />
          )}
          <MomentInput desk={desk} field="settings.openAt" label={t.openAt} zone={zone} />
          <MomentInput
            desk={desk}
            field="settings.closeAt"
            label={t.closeAt}
            zone={zone}
            {...said("error", ordered(openAt, closeAt))}
          />
        </div>
      </fieldset>
      <fieldset class="group">
        <legend>{t.limits}</legend>
        <div class="form-pair">
          <WholeInput
            desk={desk}
            field="settings.capacity"
            label={t.capacity}
            hint={t.capacityHint}
            least={0}
            most={1_000_000}
          />
          <WholeInput
            desk={desk}
            field="settings.ratePerMinute"
            label={t.rate}
            least={0}
            most={1_000_000}
            otherwise={usual.ratePerMinute}
          />
          <WholeInput
            desk={desk}
            field="settings.maxSeatsPerMember"
            label={t.seatsEach}
            least={1}
            most={100}
            otherwise={usual.maxSeatsPerMember}
          />
          <WholeInput
            desk={desk}
            field="settings.bookingSeconds"
            label={t.bookingMinutes}
            least={1}
            most={60}
            unit={60}
            otherwise={usual.bookingMinutes}
          />
        </div>
      </fieldset>
      <details>
        <summary>{t.fine}</summary>
        <div class="form-pair">
          <Seconds desk={desk} field="holdSeconds" label={t.holdSeconds} least={5} most={3_600} />
          <Seconds desk={desk} field="paymentSeconds" label={t.paymentSeconds} least={10} most={540} />
          <WholeInput
            desk={desk}
            field="settings.depositMinutes"
            label={t.depositHours}
            least={1}
            most={720}
            unit={60}
            otherwise={usual.depositHours}
          />
          <Seconds desk={desk} field="showUpSeconds" label={t.showUpSeconds} least={5} most={600} />
          <Seconds desk={desk} field="absenceGraceSeconds" label={t.absenceGrace} least={0} most={86_400} />
          <Seconds desk={desk} field="queueLimitFactor" label={t.queueLimit} least={0} most={1_000} />
        </div>
      </details>
    </div>
  );
}

interface SecondsProps {
  readonly desk: Desk;
  readonly field: "holdSeconds" | "paymentSeconds" | "showUpSeconds" | "absenceGraceSeconds" | "queueLimitFactor";
  readonly label: string;
  readonly least: number;
  readonly most: number;
}

function Seconds({ desk, field, label, least, most }: SecondsProps): JSX.Element {
  return (
    <WholeInput
      desk={desk}
      field={`settings.${field}`}
      label={label}
      least={least}
      most={most}
      otherwise={usual[field]}
    />
  );
}
