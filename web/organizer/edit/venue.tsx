/** Step two: where, and on which seats. A hall that exists is chosen; a new one is registered with its plan. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { readChart } from "../../calls/charts.ts";
import type { Hall } from "../../calls/organizer.ts";
import { editText } from "../../i18n/ko/edit.ts";
import { language } from "../../i18n/language.ts";
import { useLoad, WhenLoaded } from "../../page/load.tsx";
import { ChartPicture } from "../chart-picture.tsx";
import { type Desk, hallOf } from "./desk.ts";
import { HallForm } from "./hall-form.tsx";

export function Venue({ desk }: { readonly desk: Desk }): JSX.Element {
  const t = useStore(editText);
  const chosen = useStore(language);
  const state = useStore(desk.state);
  const [adding, setAdding] = useState(state.halls.length === 0);
  const hall = hallOf(state);
  return (
    <div class="form">
      <fieldset class="group">
        <legend>{t.hallChoose}</legend>
        {state.halls.length === 0 && <p class="faint">{t.hallNone}</p>}
        {state.halls.map((one) => (
          <label key={one.id} class="choice-line">
            <input
              type="radio"
              name="hall"
              data-hall-id={one.id}
              checked={one.id === hall?.id}
              onChange={() => desk.set("hallId", one.id)}
            />
            <span>
              <strong>{one.name}</strong>
              <span class="faint block">{one.address}</span>
              <span class="faint block">
                {t.hallFacts({ seats: one.seats.toLocaleString(chosen), grades: one.grades.join(" · ") })}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
      {hall !== null && <Preview key={hall.id} hall={hall} />}
      {adding ? (
        <HallForm
          onDone={(made) => {
            desk.addHall(made);
            setAdding(false);
          }}
        />
      ) : (
        <p>
          <button type="button" class="button quiet" data-action="new-hall" onClick={() => setAdding(true)}>
            {t.hallNew}
          </button>
        </p>
      )}
    </div>
  );
}

function Preview({ hall }: { readonly hall: Hall }): JSX.Element {
  const t = useStore(editText);
  const chosen = useStore(language);
  const chart = useLoad(() => readChart(hall.id));
  const label = t.previewText({ seats: hall.seats.toLocaleString(chosen), grades: hall.grades.join(", ") });
  return (
    <section>
      <h3>{t.preview}</h3>
      <WhenLoaded of={chart}>
        {(one) => <ChartPicture chart={one} grades={hall.grades} label={label} stage={t.stage} />}
      </WhenLoaded>
    </section>
  );
}
