/** The plan or the list of seats; both are drawn outside the component tree, because thousands of seats change at a time. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { seatsText } from "../i18n/ko/seats.ts";
import { language } from "../i18n/language.ts";
import type { Booking } from "./booking.ts";
import { CodeForm } from "./code-form.tsx";
import { Legend } from "./legend.tsx";
import { ListView } from "./list-view.ts";
import { MapView } from "./map-view.ts";
import type { SeatView } from "./seat-view.ts";
import { Zones } from "./zones.tsx";

type View = "map" | "list";

export function Plan({ booking }: { readonly booking: Booking }): JSX.Element {
  const t = useStore(seatsText);
  const chosen = useStore(language);
  const [view, setView] = useState<View>("map");
  const frame = useRef<HTMLDivElement>(null);
  const map = useRef<MapView | null>(null);
  const shown = useRef<SeatView | null>(null);

  useEffect(() => {
    const place = frame.current;
    if (place === null) return;
    const { hall, look, press, markOf, freeInSection, isSectionOpen, freeInZone } = booking;
    const options = { hall, look, onPress: press, markOf, freeInSection, isSectionOpen };
    if (view === "list") {
      const list = new ListView(options);
      place.replaceChildren(list.root);
      shown.current = list;
      booking.show(list);
      return;
    }
    const made = new MapView({ ...options, freeInZone, onZone: goToZone });
    place.replaceChildren(made.root);
    map.current = shown.current = made;
    booking.show(made);
    return () => {
      map.current = null;
      made.end();
    };
  }, [booking, view]);

  // After the view was made or when the language changed: new words in the same view, so zoom and scroll stay.
  useEffect(() => shown.current?.translate(t), [booking, view, chosen, t]);

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
            <button type="button" class="icon" aria-label={t.zoomOut} onClick={() => map.current?.zoom(1 / 1.6)}>
              −
            </button>
            <button type="button" class="icon" aria-label={t.zoomIn} onClick={() => map.current?.zoom(1.6)}>
              +
            </button>
            <button type="button" class="icon" aria-label={t.fit} title={t.fit} onClick={() => map.current?.fit()}>
              ⤢
            </button>
          </div>
        )}
      </div>
      <div ref={frame} class={`hall-frame hall-${view}`} />
      <Zones booking={booking} />
      <Legend booking={booking} />
      <CodeForm booking={booking} />
    </section>
  );
}

/** From the area on the plan to the number of people who want to stand there. */
function goToZone(zone: string): void {
  const row = document.getElementById(`zone-${zone}`);
  row?.scrollIntoView({ block: "center" });
  row?.querySelector("select")?.focus({ preventScroll: true });
}
