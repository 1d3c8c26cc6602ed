/** Demo data for a laptop: two halls, three performances, one organiser, three fans. Running it again adds only what is missing. */
import { demoAdmin, demoFans, demoOrganiser, demoPassword } from "./demo/accounts.ts";
import { OrganiserCatalogue, type PerformanceDraft } from "./demo/catalogue.ts";
import { Api } from "./demo/client.ts";
import { demoHalls } from "./demo/halls.ts";
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
    `Sign in as ${demoFans[0].email} (fan) ${demoOrganiser.email} (organiser) or ${demoAdmin.email} (admin), password ${demoPassword}`,
  );
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
    description: "사느냐 죽느냐, 그것이 문제로다. 달오름의 작은 무대에서 가까이 만나는 덴마크 왕자.",
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
    description: "사바나의 해가 무대 위로 떠오른다. 십 분 동안 모이고, 그다음 문이 열린다.",
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
    description: "이름을 적으면 죽는다. 두 회차, 두 번의 대결.",
    runTimeMinutes: 165,
    ageRating: "14세 이상",
    currency: "KRW",
    prices: { S: 160_000, A: 130_000, B: 80_000 },
    settings: { openAt: iso(now - MINUTE), closeAt: iso(now + 60 * DAY), capacity: 100, ratePerMinute: 600 },
    startsAt: [evening(now + 63 * DAY), evening(now + 64 * DAY)],
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
