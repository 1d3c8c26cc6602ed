/**
 * Demo data for a laptop: two halls with three performances, later two large ones with one each, one organiser, three fans.
 * Running it again adds only what is missing.
 */
import { stadiumChart } from "./charts/stadium.ts";
import { theatreChart } from "./charts/theatre.ts";
import { demoAdmin, demoFans, demoOrganiser, demoPassword } from "./demo/accounts.ts";
import { OrganiserCatalogue, type HallDraft, type PerformanceDraft } from "./demo/catalogue.ts";
import { Api } from "./demo/client.ts";
import { demoHalls } from "./demo/halls.ts";
import { placesOf } from "../durable-objects/performance/seats/chart.ts";
import { Failure } from "./failure.ts";
import { organiserToken } from "./demo/sign-in.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const prices = { S: 110_000, A: 90_000, B: 70_000 };

export interface DemoDataOptions {
  readonly origin: string;
  readonly databaseUrl: string;
  readonly log: (line: string) => void;
}

export async function loadDemoData({ origin, databaseUrl, log }: DemoDataOptions): Promise<void> {
  requireHere(origin, databaseUrl);
  const api = new Api(origin);
  const catalogue = new OrganiserCatalogue(api, await organiserToken(api, databaseUrl));
  const [national, sejong] = demoHalls;
  const now = Date.now();
  const plays: readonly (readonly [typeof national | typeof sejong, PerformanceDraft])[] = [
    [national, hamlet(now)],
    [sejong, lionKing(now)],
    [sejong, deathNote(now)],
  ];
  for (const [hall, draft] of plays) {
    const { created } = await catalogue.performance(await catalogue.hall(hall), draft);
    if (created) log(`${draft.title} · ${hall.name}`);
  }
  log(
    `Sign in as ${demoFans[0].email} (fan), ${demoOrganiser.email} (organiser) or ${demoAdmin.email} (admin), password ${demoPassword}`,
  );
}

/** A theatre of 3,000 and a stadium of 50,000: megabytes of seats, which nobody has to wait for who wants to see the rest. */
export async function loadLargeHalls({ origin, databaseUrl, log }: DemoDataOptions): Promise<void> {
  requireHere(origin, databaseUrl);
  const api = new Api(origin);
  const catalogue = new OrganiserCatalogue(api, await organiserToken(api, databaseUrl));
  const now = Date.now();
  const shows: readonly (readonly [HallDraft, PerformanceDraft])[] = [
    [
      { name: "한강대극장", address: "서울특별시 용산구 이촌로 1", timeZone: "Asia/Seoul", chart: theatreChart },
      phantom(now),
    ],
    [
      { name: "한강주경기장", address: "서울특별시 마포구 한강변로 1", timeZone: "Asia/Seoul", chart: stadiumChart },
      concert(now),
    ],
  ];
  for (const [hall, draft] of shows) {
    const { created } = await catalogue.performance(await catalogue.hall(hall), draft);
    if (created) log(`${draft.title} · ${hall.name} · ${placesOf(hall.chart).toLocaleString("en-US")} places`);
  }
}

/** Accounts whose password everybody knows, and an organiser made in the database: on this machine only. */
function requireHere(origin: string, databaseUrl: string): void {
  for (const url of [origin, databaseUrl]) {
    if (URL.canParse(url) && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname)) continue;
    throw new Failure("Demo data is for this machine only: start without it (--no-demo-data).");
  }
}

function hamlet(now: number): PerformanceDraft {
  return {
    title: "햄릿",
    titleEn: "Hamlet",
    description: "사느냐 죽느냐, 그것이 문제로다. 달오름의 작은 무대에서 가까이 만나는 덴마크 왕자.",
    descriptionEn: "To be or not to be: the Prince of Denmark, close by on a small stage.",
    runTimeMinutes: 150,
    ageRating: "14세 이상",
    currency: "KRW",
    prices,
    settings: { openAt: iso(now - MINUTE), closeAt: iso(now + 60 * DAY), capacity: 50, ratePerMinute: 600 },
    startsAt: [evening(now + 61 * DAY)],
  };
}

function lionKing(now: number): PerformanceDraft {
  return {
    title: "라이온 킹",
    titleEn: "The Lion King",
    description: "사바나의 해가 무대 위로 떠오른다. 십 분 동안 모이고, 그다음 문이 열린다.",
    descriptionEn: "The sun of the savanna rises on the stage. Gather for ten minutes, then the doors open.",
    runTimeMinutes: 160,
    ageRating: "8세 이상",
    currency: "KRW",
    prices: { S: 170_000, A: 140_000, B: 90_000 },
    settings: {
      gatherAt: iso(now - 1_000),
      beacon: true,
      openAt: iso(now + 10 * MINUTE),
      closeAt: iso(now + 60 * DAY),
      capacity: 100,
      ratePerMinute: 600,
    },
    startsAt: [evening(now + 62 * DAY)],
  };
}

function deathNote(now: number): PerformanceDraft {
  return {
    title: "데스노트",
    titleEn: "Death Note",
    description: "이름을 적으면 죽는다. 두 회차, 두 번의 대결.",
    descriptionEn: "Whose name is written down dies. Two evenings, two duels.",
    runTimeMinutes: 165,
    ageRating: "14세 이상",
    currency: "KRW",
    prices: { S: 160_000, A: 130_000, B: 80_000 },
    settings: { openAt: iso(now - MINUTE), closeAt: iso(now + 60 * DAY), capacity: 100, ratePerMinute: 600 },
    startsAt: [evening(now + 63 * DAY), evening(now + 64 * DAY)],
  };
}

function phantom(now: number): PerformanceDraft {
  return {
    title: "오페라의 유령",
    titleEn: "The Phantom of the Opera",
    description: "3,000석의 대극장. 1층과 두 개의 발코니, 그리고 지하의 목소리.",
    descriptionEn: "A theatre of 3,000 seats: the stalls, two balconies, and a voice from below.",
    runTimeMinutes: 150,
    ageRating: "8세 이상",
    currency: "KRW",
    prices: { VIP: 190_000, R: 160_000, S: 120_000, A: 80_000 },
    settings: {
      openAt: iso(now - MINUTE),
      closeAt: iso(now + 60 * DAY),
      capacity: 300,
      ratePerMinute: 6_000,
      noSingleSeats: true,
    },
    startsAt: [evening(now + 65 * DAY)],
  };
}

function concert(now: number): PerformanceDraft {
  return {
    title: "여름밤 콘서트",
    titleEn: "Summer Night Concert",
    description: "50,000명이 함께 부른다. 좌석과 스탠딩.",
    descriptionEn: "50,000 people sing along, seated and standing.",
    runTimeMinutes: 180,
    ageRating: "전체 관람가",
    currency: "KRW",
    prices: { R: 165_000, S: 143_000, A: 121_000, B: 99_000, 스탠딩: 154_000 },
    settings: { openAt: iso(now - MINUTE), closeAt: iso(now + 60 * DAY), capacity: 2_000, ratePerMinute: 20_000 },
    startsAt: [evening(now + 66 * DAY)],
  };
}

/** Half past seven in the evening of that day, Seoul time. */
function evening(time: number): string {
  const day = new Date(time + 9 * 60 * MINUTE).toISOString().slice(0, 10);
  return new Date(`${day}T19:30:00+09:00`).toISOString();
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
