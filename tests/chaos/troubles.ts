/** What goes wrong, and when: one seed, one list of troubles. Each kind has a life of its own, so that they meet. */
import { setTimeout as sleep } from "node:timers/promises";
import { seeded } from "../simulation/random.ts";
import type { History } from "./history.ts";
import type { House } from "./house.ts";

interface Trouble {
  readonly name: string;
  /** Seconds of peace before the next one: from, and up to so many more. */
  readonly after: readonly [number, number];
  readonly lasts: readonly [number, number];
  begin(house: House): Promise<void>;
  end(house: House): Promise<void>;
}

const AWAY = "Postgres away";

const troubles: readonly Trouble[] = [
  {
    name: "kills of workerd",
    after: [5, 12],
    lasts: [0, 2],
    begin: (house) => house.killWorker(),
    end: (house) => house.startWorker(),
  },
  {
    name: AWAY,
    after: [8, 15],
    lasts: [2, 8],
    begin: (house) => house.stopPostgres(),
    end: (house) => house.startPostgres(),
  },
  {
    name: "provider cut off",
    after: [6, 12],
    lasts: [1, 6],
    begin: (house) => house.cutProvider(),
    end: (house) => house.restoreProvider(),
  },
  {
    name: "charges without an answer",
    after: [3, 6],
    lasts: [0, 1],
    begin: (house) => orderFault(house, { confirm: "lose-answer", times: 3 }),
    end: () => Promise.resolve(),
  },
  {
    name: "refunds without an answer",
    after: [4, 8],
    lasts: [0, 1],
    begin: (house) => orderFault(house, { cancel: "lose-answer", times: 2 }),
    end: () => Promise.resolve(),
  },
];

/**
 * Makes trouble until then; everything is whole again when it resolves. `outageMs`: Postgres is away once, for so long, and not
 * again and again for moments; 0: as it comes.
 */
export async function makeTrouble(
  house: House,
  seed: number,
  until: number,
  history: History,
  outageMs: number,
): Promise<void> {
  await Promise.all(
    troubles.map(async (trouble, index) => {
      if (outageMs > 0 && trouble.name === AWAY) return oneOutage(house, history, outageMs);
      const random = seeded(seed + 7_919 * (index + 1));
      const seconds = ([least, more]: readonly [number, number]): number => least * 1_000 + random.below(more * 1_000);
      for (;;) {
        const peace = seconds(trouble.after);
        if (Date.now() + peace > until) return;
        await sleep(peace);
        history.count(trouble.name);
        await trouble.begin(house);
        await sleep(seconds(trouble.lasts));
        await trouble.end(house);
      }
    }),
  );
}

/** Begins once there is something to sell. */
async function oneOutage(house: House, history: History, outageMs: number): Promise<void> {
  await sleep(5_000);
  history.count(AWAY);
  await house.stopPostgres();
  await sleep(outageMs);
  await house.startPostgres();
}

async function orderFault(house: House, order: object): Promise<void> {
  // The provider may be cut off at this moment: then there is trouble enough.
  await fetch(new URL("/sandbox/faults", house.tossUrl), { method: "POST", body: JSON.stringify(order) }).then(
    (response) => response.body?.cancel(),
    () => undefined,
  );
}
