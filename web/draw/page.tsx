/** How the order of a show's queue is decided, for reading and for checking. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { type DrawFacts, readDraw } from "../calls/draw.ts";
import { titleIn } from "../format/title.ts";
import { drawText } from "../i18n/ko/draw.ts";
import { language } from "../i18n/language.ts";
import { Alert, useLoad, WhenLoaded } from "../page/load.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { showOf } from "../waiting/show.ts";
import { Check } from "./check.tsx";
import { Facts } from "./facts.tsx";
import { Arrival, Limits, Ways } from "./words.tsx";

const id = new URLSearchParams(location.search).get("performance") ?? "";

function DrawPage(): JSX.Element {
  const t = useStore(drawText);
  useTitle(t.title);
  return id === "" ? <Alert text={t.missing} /> : <Loading />;
}

function Loading(): JSX.Element {
  const t = useStore(drawText);
  const chosen = useStore(language);
  const loaded = useLoad(() => readDraw(id));
  const show = useLoad(() => showOf(id));
  return (
    <div class="narrow wide-narrow">
      <div>
        <p>
          <a class="back" href={`/performance?id=${encodeURIComponent(id)}`}>
            ← {show.state === "ready" && show.value !== null ? titleIn(show.value, chosen) : t.toShow}
          </a>
        </p>
        <h1>{t.title}</h1>
      </div>
      <WhenLoaded of={loaded}>{(facts) => <Content facts={facts} onFacts={setOf(loaded)} />}</WhenLoaded>
    </div>
  );
}

function setOf(loaded: ReturnType<typeof useLoad<DrawFacts>>): (facts: DrawFacts) => void {
  return loaded.state === "ready" ? loaded.set : () => undefined;
}

interface ContentProps {
  readonly facts: DrawFacts;
  readonly onFacts: (facts: DrawFacts) => void;
}

function Content({ facts, onFacts }: ContentProps): JSX.Element {
  if (facts.method === "arrival") return <Arrival />;
  return (
    <>
      <Ways facts={facts} />
      <Facts facts={facts} />
      <Limits facts={facts} />
      <Check id={id} facts={facts} onFacts={onFacts} />
    </>
  );
}

void mountPage(DrawPage, [drawText]);
