/** One door at work: shows what each ticket came to, and goes on by its list while there is no connection. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { goToLogin } from "../account.ts";
import { Problem, Unreachable } from "../api.ts";
import {
  type Answer,
  type Conflict,
  type Door,
  readDoor,
  readDoorList,
  readKeys,
  type Scan,
  sendScans,
  type Where,
} from "../calls/door.ts";
import { dateTimeText } from "../format/dates.ts";
import { doorText } from "../i18n/ko/door.ts";
import { language } from "../i18n/language.ts";
import { useAwake } from "../page/awake.ts";
import { isStranger, sentenceOf } from "../page/sentence.ts";
import { Camera, prepareCamera } from "./camera.tsx";
import { keep, type Kept, readKept } from "./kept.ts";
import { type DoorList, judgeByList, readList, shownBy } from "./list.ts";
import { signal } from "./signal.ts";
import { Sign, type Told } from "./sign.tsx";

/** The same code stays before the camera for a while: it is one scan. */
const SAME_MS = 4_000;
const MERGE_EVERY_MS = 10_000;
const MERGED_AT_ONCE = 50;
const deviceSlot = "ticketping-door-device";

function deviceName(): string {
  try {
    const known = localStorage.getItem(deviceSlot);
    if (known !== null) return known;
    const made = `door-${Math.random().toString(36).slice(2, 6)}`;
    localStorage.setItem(deviceSlot, made);
    return made;
  } catch {
    return "door";
  }
}

interface Props {
  readonly where: Where;
  readonly door: Door;
  readonly onDoor: (door: Door) => void;
}

export function Desk({ where, door, onDoor }: Props): JSX.Element {
  const t = useStore(doorText);
  const chosen = useStore(language);
  const [told, setTold] = useState<Told | null>(null);
  const [list, setList] = useState<DoorList | null>(null);
  const [waiting, setWaiting] = useState(0);
  const [message, setMessage] = useState("");
  const [camera, setCamera] = useState(false);
  const [device] = useState(deviceName);
  const kept = useRef<Kept | null>(null);
  const last = useRef({ text: "", at: 0 });
  const busy = useRef(false);

  useEffect(prepareCamera, []);
  useAwake();
  useEffect(() => {
    void readKept(where.scheduleId).then(async (found) => {
      kept.current = found;
      setWaiting(found.scans.length);
      if (found.list !== null) setList(await readList(found.list, where.scheduleId, found.keys));
      await merge();
    });
    const timer = setInterval(() => void merge(), MERGE_EVERY_MS);
    const online = (): void => void merge();
    addEventListener("online", online);
    return () => {
      clearInterval(timer);
      removeEventListener("online", online);
    };
  }, []);

  async function write(next: Kept): Promise<void> {
    await keep(where.scheduleId, next);
    kept.current = next;
    setWaiting(next.scans.length);
  }

  /** Tells what was decided without a connection. What has been told is forgotten only then. */
  async function merge(): Promise<void> {
    const before = kept.current?.scans.slice(0, MERGED_AT_ONCE) ?? [];
    if (before.length === 0 || busy.current) return;
    busy.current = true;
    try {
      const scans = before.map(({ ticketId: _ticketId, ...scan }) => scan);
      await sendScans(where, device, scans, { tries: 1, timeoutMs: 15_000 });
      const ids = new Set(before.map(({ id }) => id));
      const now = kept.current;
      if (now !== null) await write({ ...now, scans: now.scans.filter(({ id }) => !ids.has(id)) });
      onDoor(await readDoor(where));
    } catch {
      // Still no connection: the next try is in ten seconds.
    } finally {
      busy.current = false;
    }
  }

  async function takeList(): Promise<void> {
    setMessage("");
    try {
      const keys = await readKeys();
      const token = await readDoorList(where);
      const read = await readList(token, where.scheduleId, keys);
      if (read === null) return setMessage(t.listBad);
      await write({ list: token, keys, scans: kept.current?.scans ?? [] });
      setList(read);
    } catch (error) {
      if (isStranger(error)) return goToLogin();
      setMessage(sentenceOf(error));
    }
  }

  function show(next: Told): void {
    setTold(next);
    signal(next.result === "admitted");
  }

  async function check(what: { readonly token: string } | { readonly code: string }): Promise<void> {
    const scan: Scan = { id: crypto.randomUUID(), ...what };
    setMessage("");
    try {
      const [answer] = await sendScans(where, device, [scan], { tries: 1, timeoutMs: 4_000 });
      if (answer === undefined) return;
      show(toldBy(answer));
      if (answer.result === "admitted") onDoor({ ...door, admitted: door.admitted + 1 });
    } catch (error) {
      if (isStranger(error)) return goToLogin();
      const away = error instanceof Unreachable || (error instanceof Problem && error.status >= 500);
      if (!away) return setMessage(sentenceOf(error));
      await checkByList(scan);
    }
  }

  async function checkByList(scan: Scan): Promise<void> {
    const now = kept.current;
    if (list === null || now === null) {
      signal(false);
      return setMessage(t.noList);
    }
    const used = new Map(
      now.scans.flatMap((one) =>
        one.letIn === true && one.ticketId !== null ? [[one.ticketId, Date.parse(one.at ?? "")] as const] : [],
      ),
    );
    const verdict = judgeByList(list, used, await shownBy(scan, now.keys));
    const letIn = verdict.result === "admitted";
    try {
      await write({
        ...now,
        scans: [...now.scans, { ...scan, at: new Date().toISOString(), letIn, ticketId: verdict.ticketId }],
      });
    } catch {
      signal(false);
      return setMessage(t.notKept);
    }
    show({
      result: verdict.result,
      seat: verdict.seat,
      firstUse: verdict.firstUseAt === null ? null : { at: verdict.firstUseAt, device: "" },
      offline: true,
    });
  }

  function onRead(text: string): void {
    const now = Date.now();
    if (text === last.current.text && now - last.current.at < SAME_MS) {
      last.current = { text, at: now };
      return;
    }
    last.current = { text, at: now };
    void check({ token: text.slice(0, 2_000) });
  }

  return (
    <div class={camera ? "door door-looking" : "door"}>
      <header class="door-head">
        <h1>{door.title}</h1>
        <p class="faint">
          {dateTimeText(door.startsAt, door.timeZone, chosen)} · {door.hallName}
        </p>
        <p class="door-count">
          {t.count({ admitted: door.admitted.toLocaleString(chosen), valid: door.valid.toLocaleString(chosen) })}
        </p>
      </header>
      <Sign told={told} timeZone={door.timeZone} />
      {message !== "" && (
        <p class="alert" role="alert">
          {message}
        </p>
      )}
      {camera && <Camera onRead={onRead} />}
      <div class="door-hand">
        <Typed onCode={(code) => void check({ code })} />
        <button
          type="button"
          class={camera ? "button quiet" : "button"}
          data-action="camera"
          onClick={() => setCamera(!camera)}
        >
          {camera ? t.cameraOff : t.cameraOn}
        </button>
      </div>
      <section class="card door-list">
        <h2>{t.offlineTitle}</h2>
        <p>
          {list === null
            ? t.offlineNone
            : t.offlineHave({
                n: list.byId.size.toLocaleString(chosen),
                at: dateTimeText(list.at, door.timeZone, chosen),
              })}
        </p>
        {waiting > 0 && <p class="note">{t.waiting({ n: waiting })}</p>}
        <button type="button" class="button quiet" data-action="take-list" onClick={() => void takeList()}>
          {t.takeList}
        </button>
      </section>
      <Conflicts of={door.conflicts} timeZone={door.timeZone} />
    </div>
  );
}

function toldBy({ result, ticket, firstUse }: Answer): Told {
  return { result, seat: ticket?.seat ?? null, firstUse, offline: false };
}

function Typed({ onCode }: { readonly onCode: (code: string) => void }): JSX.Element {
  const t = useStore(doorText);
  const [code, setCode] = useState("");
  return (
    <form
      class="door-typed"
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim() === "") return;
        onCode(code.trim());
        setCode("");
      }}
    >
      <label for="code">{t.code}</label>
      <input
        id="code"
        name="code"
        value={code}
        maxLength={40}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        onInput={(event) => setCode(event.currentTarget.value)}
      />
      <button type="submit" class="button" data-action="check">
        {t.check}
      </button>
    </form>
  );
}

function Conflicts({
  of,
  timeZone,
}: {
  readonly of: readonly Conflict[];
  readonly timeZone: string;
}): JSX.Element | null {
  const t = useStore(doorText);
  const chosen = useStore(language);
  if (of.length === 0) return null;
  return (
    <section class="card door-conflicts">
      <h2>{t.conflicts({ n: of.length })}</h2>
      <p>{t.conflictsText}</p>
      <ul class="rows">
        {of.map(({ id, at, device, result, seat }) => (
          <li key={id}>
            <span>{seat === null ? "" : `${seat.section} ${t.seatLine({ row: seat.row, seat: seat.label })}`}</span>
            <span>
              {t[result]} · {dateTimeText(at, timeZone, chosen)} · {device}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
