/**
 * Charts from a few numbers: sections of rows × columns, straight or curved around a centre, and standing zones. Coordinates
 * are whole numbers; a seat is 10 units wide. Pure: the same description gives the same chart, ids included.
 */
import type {
  Chart,
  ChartRow,
  ChartSeat,
  ChartSection,
  ChartZone,
  Point,
  SeatAttribute,
  Stage,
} from "../../../durable-objects/performance/seats/chart.ts";

const SEAT_WIDTH = 10;

interface SectionPlan {
  readonly id: string;
  readonly name: string;
  readonly rows: number;
  /** Seats of the first row; every row behind it has `growth` more, rounded down. */
  readonly seats: number;
  readonly growth?: number;
  /** Number on the first row's label; the others count on from it. */
  readonly firstRow?: number;
  /** Grades from front to back: the grade of a row is the last one whose `from` (counted from 1) it has reached. */
  readonly grades: readonly { readonly grade: string; readonly from: number }[];
  /** Aisles after so many seats of each row. */
  readonly aisles?: readonly number[];
  /** Seats of one row, counted from 1, that are something particular. */
  readonly special?: readonly {
    readonly row: number;
    readonly seats: readonly number[];
    readonly attribute: SeatAttribute;
  }[];
}

/** Straight rows; `at` is the first seat of the first row, in seat widths. */
export interface GridPlan extends SectionPlan {
  readonly shape: "grid";
  readonly at: Point;
}

/**
 * Rows on arcs around `centre` (seat widths): the first at `radius`, each further one a seat depth behind it, all from the
 * angle `from` to the angle `to` (degrees; 90 is straight away from the stage, smaller is further right).
 */
export interface CurvePlan extends SectionPlan {
  readonly shape: "curve";
  readonly centre: Point;
  readonly radius: number;
  readonly from: number;
  readonly to: number;
}

export interface HallDescription {
  readonly name: string;
  /** Corners and focus in seat widths. */
  readonly stage?: Stage;
  readonly sections: readonly (GridPlan | CurvePlan)[];
  readonly zones?: readonly ChartZone[];
}

/** Row distance in seat widths: a little more than a seat, so that rows are told apart. */
const ROW_DEPTH = 1.2;
/** An aisle, in seat widths. */
const AISLE_WIDTH = 1.5;

export function generateChart({ name, stage, sections, zones = [] }: HallDescription): Chart {
  const built = sections.map(sectionOf);
  const grades = [
    ...new Set([
      ...sections.flatMap((plan) => plan.grades.map(({ grade }) => grade)),
      ...zones.map((zone) => zone.grade),
    ]),
  ];
  return {
    version: 2,
    name,
    seatWidth: SEAT_WIDTH,
    grades,
    ...(stage === undefined ? {} : { stage: scaledStage(stage) }),
    sections: built,
    ...(zones.length === 0 ? {} : { zones: zones.map(scaledZone) }),
  };
}

function sectionOf(plan: GridPlan | CurvePlan): ChartSection {
  const rows: ChartRow[] = [];
  for (let r = 0; r < plan.rows; r++) {
    const label = String((plan.firstRow ?? 1) + r);
    const count = plan.seats + Math.floor((plan.growth ?? 0) * r);
    const places = plan.shape === "grid" ? straight(plan, r, count) : curved(plan, r, count);
    const seats = places.map(([x, y], n): ChartSeat => {
      const attributes = (plan.special ?? []).flatMap((one) =>
        one.row === r + 1 && one.seats.includes(n + 1) ? [one.attribute] : [],
      );
      return {
        id: `${plan.id}-${label}-${n + 1}`,
        label: String(n + 1),
        grade: gradeOf(plan, r),
        x: Math.round(x * SEAT_WIDTH),
        y: Math.round(y * SEAT_WIDTH),
        ...(attributes.length === 0 ? {} : { attributes }),
        ...(n + 1 < count && (plan.aisles ?? []).includes(n + 1) ? { aisle: true } : {}),
      };
    });
    rows.push({ label, seats });
  }
  return { id: plan.id, name: plan.name, rows, outline: outlineOf(rows) };
}

function gradeOf({ grades }: SectionPlan, row: number): string {
  return grades.findLast(({ from }) => from <= row + 1)?.grade ?? grades[0]?.grade ?? "";
}

/** Offset of the nth seat along its row, aisles included. */
function along({ aisles = [] }: SectionPlan, n: number): number {
  return n + aisles.filter((after) => after <= n).length * AISLE_WIDTH;
}

/** Longer rows grow to both sides. */
function straight(plan: GridPlan, row: number, count: number): Point[] {
  const [x, y] = plan.at;
  const shift = (count - plan.seats) / 2;
  return Array.from({ length: count }, (_, n) => [x - shift + along(plan, n), y + row * ROW_DEPTH]);
}

function curved(plan: CurvePlan, row: number, count: number): Point[] {
  const [x, y] = plan.centre;
  const radius = plan.radius + row * ROW_DEPTH;
  const length = along(plan, count - 1);
  return Array.from({ length: count }, (_, n) => {
    const share = length === 0 ? 0.5 : along(plan, n) / length;
    const angle = ((plan.from + (plan.to - plan.from) * share) * Math.PI) / 180;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}

/** Around the first row, up one side, along the last row and back: right for straight and for curved sections. */
function outlineOf(rows: readonly ChartRow[]): Point[] {
  const ends = (row: ChartRow | undefined): ChartSeat[] => (row === undefined ? [] : [...row.seats]);
  const thin = (seats: readonly ChartSeat[]): ChartSeat[] => {
    const step = Math.max(1, Math.floor((seats.length - 1) / 8));
    return seats.filter((_, n) => n % step === 0 || n === seats.length - 1);
  };
  const front = thin(ends(rows[0]));
  const back = thin(ends(rows.at(-1)));
  const corners = [...front, ...back.toReversed()];
  const middle = centreOf(corners);
  // Pushed outwards from the middle by one seat width, so that no seat lies on the line.
  return corners.map(({ x, y }) => {
    const away = Math.max(1, Math.hypot(x - middle.x, y - middle.y));
    const by = (away + SEAT_WIDTH * 1.2) / away;
    return [Math.round(middle.x + (x - middle.x) * by), Math.round(middle.y + (y - middle.y) * by)];
  });
}

function centreOf(seats: readonly ChartSeat[]): { readonly x: number; readonly y: number } {
  const sum = seats.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  return { x: sum.x / Math.max(1, seats.length), y: sum.y / Math.max(1, seats.length) };
}

const scaled = ([x, y]: Point): Point => [Math.round(x * SEAT_WIDTH), Math.round(y * SEAT_WIDTH)];

function scaledStage({ outline, focus }: Stage): Stage {
  return { outline: outline.map(scaled), ...(focus === undefined ? {} : { focus: scaled(focus) }) };
}

function scaledZone({ outline, ...zone }: ChartZone): ChartZone {
  return { ...zone, ...(outline === undefined ? {} : { outline: outline.map(scaled) }) };
}
