/** Places to stand: how many are left, what they cost, and for how many people. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { moneyText } from "../format/money.ts";
import { seatsText } from "../i18n/ko/seats.ts";
import { language } from "../i18n/language.ts";
import type { Booking } from "./booking.ts";
import type { HallZone } from "./hall.ts";

export function Zones({ booking }: { readonly booking: Booking }): JSX.Element | null {
  const t = useStore(seatsText);
  const { freeInZones } = useStore(booking.state);
  const { zones } = booking.hall;
  if (zones.length === 0) return null;
  return (
    <section class="zones" aria-label={t.zones}>
      <h2>{t.zones}</h2>
      <ul class="rows">
        {zones.map((zone, index) => (
          <ZoneRow key={zone.id} booking={booking} zone={zone} free={freeInZones[index] ?? 0} />
        ))}
      </ul>
    </section>
  );
}

interface ZoneRowProps {
  readonly booking: Booking;
  readonly zone: HallZone;
  readonly free: number;
}

function ZoneRow({ booking, zone, free }: ZoneRowProps): JSX.Element {
  const t = useStore(seatsText);
  const chosen = useStore(language);
  const { busy, choice, code } = useStore(booking.state);
  const [count, setCount] = useState(1);
  // How many places a code opens only the server knows.
  const most = code === "" ? Math.min(booking.options.limit, free) : booking.options.limit;
  const wanted = Math.min(count, most);
  const numbers = Array.from({ length: Math.max(1, most) }, (_, n) => n + 1);
  return (
    <li class="zone-row" id={`zone-${zone.id}`} data-zone={zone.id} data-free={free}>
      <span class="seat-line">
        <strong>{zone.name}</strong>
        <span class="faint">
          {t.gradeName({ grade: zone.grade })} · {moneyText(zone.price, booking.options.plan.currency, chosen)} ·{" "}
          {t.left({ n: free.toLocaleString(chosen) })}
        </span>
      </span>
      <select
        aria-label={t.zoneCount({ zone: zone.name })}
        disabled={most === 0}
        value={String(Math.max(1, wanted))}
        onChange={(event) => setCount(Number(event.currentTarget.value))}
      >
        {numbers.map((n) => (
          <option key={n} value={String(n)}>
            {n}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="button"
        data-action="hold-zone"
        disabled={most === 0 || busy !== null || choice.holds.length > 0}
        onClick={() => void booking.holdZone(zone.id, wanted)}
      >
        {t.zoneHold} <span class="unseen">{zone.name}</span>
      </button>
    </li>
  );
}
