/** What is on. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { listPerformances, type Page, type PerformanceSummary } from "../calls/performances.ts";
import { dateRangeText } from "../format/dates.ts";
import { moneyText } from "../format/money.ts";
import { titleIn } from "../format/title.ts";
import { catalogueText } from "../i18n/ko/catalogue.ts";
import { language } from "../i18n/language.ts";
import { useLoad, WhenLoaded } from "../page/load.tsx";
import { More, usePages } from "../page/more.tsx";
import { Moment } from "../page/moment.tsx";
import { mountPage } from "../page/mount.tsx";
import { useNow, useTitle } from "../page/now.ts";
import { salePhase } from "./phase.ts";
import { Poster } from "./poster.tsx";
import { SaleBadge, SaleCountdown } from "./sale.tsx";

/** The words are part of the address: a search can be sent to somebody, and the back button undoes it. */
const wordsHere = (): string => new URLSearchParams(location.search).get("q")?.trim().slice(0, 60) ?? "";

function Catalogue(): JSX.Element {
  const t = useStore(catalogueText);
  useTitle(t.title);
  const [words, setWords] = useState(wordsHere);
  useEffect(() => {
    const follow = (): void => setWords(wordsHere());
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  const search = (wanted: string): void => {
    if (wanted === words) return;
    history.pushState(null, "", wanted === "" ? "/" : `/?q=${encodeURIComponent(wanted)}`);
    setWords(wanted);
  };
  return (
    <>
      <div class="page-head">
        <h1>{t.title}</h1>
        <p class="lead">{t.lead}</p>
      </div>
      <Search key={words} words={words} onSearch={search} />
      <Found key={`found ${words}`} words={words} />
    </>
  );
}

interface SearchProps {
  readonly words: string;
  readonly onSearch: (words: string) => void;
}

function Search({ words, onSearch }: SearchProps): JSX.Element {
  const t = useStore(catalogueText);
  return (
    <form
      class="catalogue-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = new FormData(event.currentTarget).get("q");
        onSearch(typeof typed === "string" ? typed.trim() : "");
      }}
    >
      <label class="unseen" for="q">
        {t.search}
      </label>
      <input
        id="q"
        name="q"
        type="search"
        maxLength={60}
        placeholder={t.search}
        defaultValue={words}
        autocomplete="off"
      />
      <button type="submit" class="button quiet" data-action="search">
        {t.find}
      </button>
    </form>
  );
}

function Found({ words }: { readonly words: string }): JSX.Element {
  const first = useLoad(() => listPerformances(words, null));
  return <WhenLoaded of={first}>{(page) => <Shows words={words} first={page} />}</WhenLoaded>;
}

interface ShowsProps {
  readonly words: string;
  readonly first: Page<PerformanceSummary>;
}

function Shows({ words, first }: ShowsProps): JSX.Element {
  const t = useStore(catalogueText);
  const list = usePages(first, (cursor) => listPerformances(words, cursor));
  const { items } = list;
  if (items.length === 0) {
    return (
      <p class="empty" role="status">
        {words === "" ? t.empty : t.nothingFound({ words })}
      </p>
    );
  }
  return (
    <>
      <ul class="shows">
        {items.map((item) => (
          <li key={item.id}>
            <Show item={item} />
          </li>
        ))}
      </ul>
      <More of={list} label={t.more} />
    </>
  );
}

function Show({ item }: { readonly item: PerformanceSummary }): JSX.Element {
  const t = useStore(catalogueText);
  const chosen = useStore(language);
  const zone = item.venue.timeZone;
  return (
    <article class="show" data-performance-id={item.id}>
      <div class="show-art">
        <Poster id={item.id} url={item.posterUrl} />
        <SaleBadge times={item} />
      </div>
      <div class="show-text">
        <h2>
          <a class="cover" href={`/performance?id=${encodeURIComponent(item.id)}`}>
            {titleIn(item, chosen)}
          </a>
        </h2>
        <p class="faint">{item.venue.name}</p>
        <p class="faint">
          {item.firstStartsAt === null
            ? t.datesToCome
            : dateRangeText(item.firstStartsAt, item.lastStartsAt ?? item.firstStartsAt, zone, chosen)}
        </p>
        <Opens item={item} />
        <div class="show-foot">
          <strong>
            {item.priceFrom !== null &&
              t.from({
                price:
                  item.priceFrom.amount === 0
                    ? t.free
                    : moneyText(item.priceFrom.amount, item.priceFrom.currency, chosen),
              })}
          </strong>
          <SaleCountdown times={item} />
        </div>
      </div>
    </article>
  );
}

/** When sales open, as long as that is to come. */
function Opens({ item }: { readonly item: PerformanceSummary }): JSX.Element | null {
  const t = useStore(catalogueText);
  const phase = salePhase(item, useNow());
  if (phase !== "soon" && phase !== "gathering") return null;
  return (
    <p class="faint">
      {t.opensAt} <Moment at={item.openAt} zone={item.venue.timeZone} />
    </p>
  );
}

void mountPage(Catalogue, [catalogueText]);
