/** The door: first which date, then the desk. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { listOwn, type OwnPerformance, readDoor, type Where } from "../calls/door.ts";
import { listSchedules } from "../calls/performances.ts";
import { dateTimeText } from "../format/dates.ts";
import { doorText } from "../i18n/ko/door.ts";
import { language } from "../i18n/language.ts";
import { useLoad, WhenLoaded } from "../page/load.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { Desk } from "./desk.tsx";

const query = new URLSearchParams(location.search);
const performanceId = query.get("performance") ?? "";
const scheduleId = query.get("schedule") ?? "";

function DoorPage(): JSX.Element {
  const t = useStore(doorText);
  useTitle(t.title);
  if (performanceId === "") return <Performances />;
  return scheduleId === "" ? <Dates /> : <AtDoor where={{ performanceId, scheduleId }} />;
}

function AtDoor({ where }: { readonly where: Where }): JSX.Element {
  const door = useLoad(() => readDoor(where));
  return (
    <div class="narrow">
      <WhenLoaded of={door}>
        {(value) => <Desk where={where} door={value} onDoor={door.state === "ready" ? door.set : () => undefined} />}
      </WhenLoaded>
    </div>
  );
}

async function published(): Promise<readonly OwnPerformance[]> {
  const all: OwnPerformance[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listOwn>> = await listOwn(cursor);
    all.push(...page.items.filter(({ publishedAt }) => publishedAt !== null));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

function Performances(): JSX.Element {
  const t = useStore(doorText);
  const own = useLoad(published);
  return (
    <div class="narrow">
      <h1>{t.title}</h1>
      <p class="lead">{t.choosePerformance}</p>
      <WhenLoaded of={own}>
        {(items) =>
          items.length === 0 ? (
            <p class="empty">{t.none}</p>
          ) : (
            <ul class="rows card">
              {items.map(({ id, title }) => (
                <li key={id}>
                  <a href={`/door?performance=${encodeURIComponent(id)}`}>{title}</a>
                </li>
              ))}
            </ul>
          )
        }
      </WhenLoaded>
    </div>
  );
}

function Dates(): JSX.Element {
  const t = useStore(doorText);
  const chosen = useStore(language);
  const dates = useLoad(() => listSchedules(performanceId));
  return (
    <div class="narrow">
      <h1>{t.title}</h1>
      <p class="lead">{t.chooseDate}</p>
      <WhenLoaded of={dates}>
        {(items) => (
          <ul class="rows card">
            {items.map(({ id, startsAt, timeZone, hallName }) => (
              <li key={id}>
                <a href={`/door?performance=${encodeURIComponent(performanceId)}&schedule=${encodeURIComponent(id)}`}>
                  {dateTimeText(startsAt, timeZone, chosen)}
                </a>
                <span class="faint">{hallName}</span>
              </li>
            ))}
          </ul>
        )}
      </WhenLoaded>
    </div>
  );
}

void mountPage(DoorPage, [doorText]);
