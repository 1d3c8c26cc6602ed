/** Charts before they are halls: what is odd about one, a table as one, one from a few numbers; and those of halls. */
import { ask } from "../api.ts";
import { type Decoder, fields, listOf, nullable, number, oneOf, ShapeError, text } from "../decode.ts";
import { fallback } from "../decode-loosely.ts";
import { at, type Hall } from "./organizer.ts";

type Point = readonly [x: number, y: number];

/** As much of a chart as a picture of it needs. */
export interface ChartPicture {
  readonly stage: readonly Point[] | null;
  readonly sections: readonly {
    readonly id: string;
    readonly name: string;
    readonly rows: readonly {
      readonly label: string;
      readonly seats: readonly {
        readonly id: string;
        readonly label: string;
        readonly x: number;
        readonly y: number;
        readonly grade: string;
      }[];
    }[];
  }[];
  readonly zones: readonly {
    readonly id: string;
    readonly name: string;
    readonly grade: string;
    readonly capacity: number;
    readonly outline: readonly Point[] | null;
  }[];
}

const point: Decoder<Point> = (value) => {
  if (!Array.isArray(value)) throw new ShapeError("expected a point");
  return [number(value[0]), number(value[1])];
};
const corners = listOf(point);
const zone = fields({ id: text, name: text, grade: text, capacity: number, outline: nullable(corners) });
const seat = fields({ id: text, label: text, x: number, y: number, grade: text });
const section = fields({
  id: text,
  name: fallback(text, ""),
  rows: listOf(fields({ label: text, seats: listOf(seat) })),
});
const picture = fields({
  stage: nullable(fields({ outline: corners })),
  sections: fallback(listOf(section), []),
  zones: fallback(listOf(zone), []),
});

export const chartPicture: Decoder<ChartPicture> = (value) => {
  const { stage, sections, zones } = picture(value);
  return { stage: stage?.outline ?? null, sections, zones };
};

export interface Finding {
  readonly severity: "error" | "warning";
  readonly path: readonly unknown[];
  readonly ko: string;
  readonly en: string;
}

export interface ChartReport {
  readonly ok: boolean;
  readonly places: number;
  readonly grades: readonly string[];
  readonly findings: readonly Finding[];
}

/** A chart on its way to becoming a hall; `chart` is sent back as it came. */
export interface Checked {
  readonly chart: unknown;
  readonly report: ChartReport;
}

const report = fields<ChartReport>({
  ok: (value) => value === true,
  places: number,
  grades: listOf(text),
  findings: listOf(
    fields<Finding>({ severity: oneOf("error", "warning"), path: listOf((step) => step), ko: text, en: text }),
  ),
});
const checked = fields<Checked>({ chart: (value) => value ?? null, report });

const send = <T>(path: string, body: unknown, decode: Decoder<T>): Promise<T> =>
  ask({ method: "POST", path: `/api/organizer/${path}`, body, decode, repeatable: true, timeoutMs: 60_000 });

export async function lintChart(chart: unknown): Promise<Checked> {
  const found = await send("charts/lint", { chart }, fields({ report }));
  return { chart: found.report.ok ? chart : null, report: found.report };
}

export function chartOfTable(name: string, csv: string): Promise<Checked> {
  return send("charts/csv", { name, csv }, checked);
}

export interface Block {
  readonly name: string;
  readonly rows: number;
  readonly seats: number;
  readonly grade: string;
  readonly standing: number;
}

/** One block of rows, and if wanted a standing zone in front of it. */
export function chartOfNumbers({ name, rows, seats, grade, standing }: Block): Promise<Checked> {
  const sections = [{ shape: "grid", id: "A", name: "A", rows, seats, grades: [{ grade, from: 1 }], at: [0, 0] }];
  const zones = standing > 0 ? [{ id: "F", name: "Floor", grade, capacity: standing }] : [];
  return send("charts/generate", { name, sections: rows * seats > 0 ? sections : [], zones }, checked);
}

const hall = fields<Hall>({
  id: text,
  name: text,
  address: text,
  timeZone: text,
  seats: number,
  grades: listOf(text),
});

export async function createHall(body: unknown): Promise<Hall> {
  const question = { method: "POST", path: "/api/organizer/halls", body, decode: fields({ hall }) } as const;
  return (await ask({ ...question, timeoutMs: 60_000 })).hall;
}

/** Another chart for a date that sells. Asked again with the same one, it does nothing. */
export async function changeChart(id: string, scheduleId: string, chart: unknown): Promise<number> {
  const path = at(id, `/schedules/${encodeURIComponent(scheduleId)}/chart`);
  const question = { method: "PUT", path, body: { chart }, decode: fields({ places: number }) } as const;
  return (await ask({ ...question, repeatable: true, timeoutMs: 60_000 })).places;
}

export interface Untouchable {
  readonly id: string;
  readonly change: string;
  readonly because: string;
}

const untouchables = fields({
  count: number,
  seats: listOf(fields<Untouchable>({ id: text, change: text, because: text })),
});

/** The seats a new chart may not touch, out of the refusal. */
export function untouchablesIn(evidence: unknown): { readonly count: number; readonly seats: readonly Untouchable[] } {
  return untouchables(evidence);
}

export async function readChart(hallId: string): Promise<ChartPicture> {
  const path = `/api/organizer/halls/${encodeURIComponent(hallId)}/chart`;
  return (await ask({ method: "GET", path, decode: fields({ chart: chartPicture }) })).chart;
}
