/** The plan or the list of seats; both are drawn outside the component tree, because thousands of seats change at a time. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { seatsText } from "../i18n/ko/seats.ts";
import { language } from "../i18n/language.ts";
import type { Booking } from "./booking.ts";
import { Legend } from "./legend.tsx";
import { ListView } from "./list-view.ts";
import { PlanView } from "./plan-view.ts";
import { Zones } from "./zones.tsx";
import type { SeatView } from "./seat-view.ts";

type View = "map" | "list";

export function Plan({ booking }: { readonly booking: Booking }): JSX.Element {
  const t = useStore(seatsText);
  const chosen = useStore(language);
  const [view, setView] = useState<View>("map");
  const frame = useRef<HTMLDivElement>(null);
  const plan = useRef<PlanView | null>(null);
  const shown = useRef<SeatView | null>(null);

  useEffect(() => {
    const place = frame.current;
    if (place === null) return;
    const options = { hall: booking.hall, look: booking.look, onPress: booking.press };
    if (view === "list") {
      const list = new ListView(options);
      place.replaceChildren(list.root);
      shown.current = list;
      booking.show(list);
      return;
    }
    const map = new PlanView(options);
    place.replaceChildren(map.svg);
    map.settle(place);
    plan.current = shown.current = map;
    booking.show(map);
    return () => {
      plan.current = null;
    };
  }, [booking, view]);

  // After the view was made or when the language changed: new words in the same view, so zoom and scroll stay.
  useEffect(() => shown.current?.translate(t), [booking, view, chosen, t]);

  const zoom = (factor: number) => () => {
    if (frame.current !== null) plan.current?.zoom(frame.current, factor);
  };
  const fit = (): void => {
    if (frame.current !== null) plan.current?.fit(frame.current);
  };
  return (
    <section class="card hall">
      <div class="hall-tools">
        <div class="switch" role="group" aria-label={t.view}>
          {(["map", "list"] as const).map((name) => (
            <button
              key={name}
              type="button"
              data-action={`view-${name}`}
              aria-pressed={view === name}
              onClick={() => setView(name)}
            >
              {t[name]}
            </button>
          ))}
        </div>
        {view === "map" && (
          <div class="zoom">
            <button type="button" class="icon" aria-label={t.zoomOut} onClick={zoom(1 / 1.3)}>
              −
            </button>
            <button type="button" class="icon" aria-label={t.zoomIn} onClick={zoom(1.3)}>
              +
            </button>
            <button type="button" class="icon text" onClick={fit}>
              {t.fit}
            </button>
          </div>
        )}
      </div>
      <Legend booking={booking} />
      <Zones booking={booking} />
      <div ref={frame} class={`hall-frame hall-${view}`} />
    </section>
  );
}
