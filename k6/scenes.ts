/** How large each script's scene is on a laptop, and how long it may take. */
export const scriptNames = ["onsale-rush", "waiting", "booking"] as const;
export type ScriptName = (typeof scriptNames)[number];

export interface Scene {
  readonly fans: number;
  readonly arriveWithinSeconds: number;
  /** Nobody stays longer; k6 itself ends ten seconds later at the latest. */
  readonly seconds: number;
  readonly seats: number;
  readonly settings: { readonly capacity: number; readonly ratePerMinute: number };
}

const scenes: Readonly<Record<ScriptName, Scene>> = {
  "onsale-rush": {
    fans: 200,
    arriveWithinSeconds: 4,
    seconds: 60,
    seats: 500,
    settings: { capacity: 40, ratePerMinute: 6_000 },
  },
  waiting: {
    fans: 120,
    arriveWithinSeconds: 3,
    seconds: 60,
    seats: 100,
    settings: { capacity: 2, ratePerMinute: 60 },
  },
  booking: {
    fans: 100,
    arriveWithinSeconds: 5,
    seconds: 90,
    seats: 120,
    settings: { capacity: 30, ratePerMinute: 6_000 },
  },
};

const smoke: Readonly<Record<ScriptName, Partial<Scene>>> = {
  "onsale-rush": { fans: 20, arriveWithinSeconds: 1, seconds: 10, settings: { capacity: 5, ratePerMinute: 6_000 } },
  waiting: { fans: 12, arriveWithinSeconds: 1, seconds: 10, settings: { capacity: 1, ratePerMinute: 4 } },
  booking: {
    fans: 8,
    arriveWithinSeconds: 1,
    seconds: 10,
    seats: 10,
    settings: { capacity: 4, ratePerMinute: 6_000 },
  },
};

/** `small`: a few fans for a few seconds, to see that it works at all. `fans`, when given, replaces their number. */
export function sceneOf(script: ScriptName, small: boolean, fans: number | null): Scene {
  const scene = { ...scenes[script], ...(small ? smoke[script] : {}) };
  return fans === null ? scene : { ...scene, fans };
}

export function isScript(name: string): name is ScriptName {
  return scriptNames.some((known) => known === name);
}
