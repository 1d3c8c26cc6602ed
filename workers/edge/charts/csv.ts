/**
 * A simple hall as a table, the way a box office keeps it: one line a seat. Columns by name, in any order: `section`, `row`,
 * `seat`, `grade`; if wanted `id`, `x`, `y`, `attributes` (separated by spaces) and `aisle` (yes: an aisle follows). Where
 * there are no coordinates, rows are laid out one behind the other.
 */
import { parse } from "csv-parse/sync";

export type CsvResult =
  | { readonly ok: true; readonly chart: unknown }
  | { readonly ok: false; readonly line: number; readonly reason: string };

const needed = ["section", "row", "seat", "grade"] as const;
const known = new Set([...needed, "id", "x", "y", "attributes", "aisle"]);
const MOST_LINES = 60_001;
const YES = /^(1|y|yes|true|o|예)$/i;

interface Line {
  readonly seat: Record<string, unknown>;
  readonly section: string;
  readonly row: string;
}

export function chartOfCsv(name: string, text: string): CsvResult {
  let table: string[][];
  try {
    table = parse(text, {
      bom: true,
      skip_empty_lines: true,
      trim: true,
      relax_column_count: false,
      max_record_size: 10_000,
      to: MOST_LINES + 1,
    });
  } catch (error) {
    const line = typeof error === "object" && error !== null && "lines" in error ? Number(error.lines) : 0;
    return { ok: false, line, reason: "is not a line of this table" };
  }
  const header = (table[0] ?? []).map((column) => column.toLowerCase());
  const missing = needed.find((column) => !header.includes(column));
  if (missing !== undefined) return { ok: false, line: 1, reason: `has no column ${missing}` };
  const strange = header.find((column, index) => !known.has(column) || header.indexOf(column) !== index);
  if (strange !== undefined)
    return { ok: false, line: 1, reason: `column ${strange.slice(0, 40)} is unknown or there twice` };
  if (table.length > MOST_LINES) return { ok: false, line: MOST_LINES + 1, reason: "has too many lines" };
  const lines = table
    .slice(1)
    .map((cells) => lineOf(Object.fromEntries(header.map((column, n) => [column, cells[n] ?? ""]))));
  return { ok: true, chart: chartOf(name, lines) };
}

function lineOf(cells: Readonly<Record<string, string>>): Line {
  const { section = "", row = "", seat = "", grade = "", id = "", x = "", y = "", attributes = "", aisle = "" } = cells;
  const given = attributes.split(/[\s;|]+/).filter((word) => word !== "");
  return {
    section,
    row,
    seat: {
      ...(id === "" ? {} : { id }),
      label: seat,
      grade,
      // What is not a number stays text: the report then says where.
      ...(x === "" ? {} : { x: numberOr(x) }),
      ...(y === "" ? {} : { y: numberOr(y) }),
      ...(given.length === 0 ? {} : { attributes: given }),
      ...(YES.test(aisle) ? { aisle: true } : {}),
    },
  };
}

function numberOr(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/** Sections and rows in the order in which they first appear; ids are made of their numbers where the table has none. */
function chartOf(name: string, lines: readonly Line[]): unknown {
  const sections = new Map<string, Map<string, Record<string, unknown>[]>>();
  for (const { section, row, seat } of lines) {
    let rows = sections.get(section);
    if (rows === undefined) sections.set(section, (rows = new Map<string, Record<string, unknown>[]>()));
    const seats = rows.get(row);
    if (seats === undefined) rows.set(row, [seat]);
    else seats.push(seat);
  }
  let depth = 0;
  const built = Array.from(sections, ([section, rows], s) => {
    const line = Array.from(rows, ([row, seats], r) => {
      const y = depth + r;
      let x = 0;
      const placed = seats.map((seat, n) => {
        const at = { id: `s${s + 1}r${r + 1}n${n + 1}`, x, y, ...seat };
        x += "aisle" in seat ? 2 : 1;
        return at;
      });
      return { label: row, seats: placed };
    });
    depth += rows.size + 2;
    return { id: `s${s + 1}`, name: section, rows: line };
  });
  return { version: 2, name, sections: built };
}
