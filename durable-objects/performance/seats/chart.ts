/**
 * A chart: the seats of a hall, apart from any performance. A seat's `id` is its identity for ever; its label is what is
 * printed on the chair. Seats are numbered in chart order (section by section, row by row), and that order is what the
 * packed storage and the snapshots use.
 */
export interface Chart {
  readonly version: 1;
  readonly name: string;
  readonly sections: readonly ChartSection[];
}

export interface ChartSection {
  readonly id: string;
  readonly name: string;
  readonly rows: readonly ChartRow[];
}

export interface ChartRow {
  readonly label: string;
  /** In physical order: neighbours in the list are neighbours in the hall. */
  readonly seats: readonly ChartSeat[];
}

export interface ChartSeat {
  readonly id: string;
  readonly label: string;
  readonly grade: string;
  /** Position on the plan, in units of one seat width from the top left; y grows away from the stage. */
  readonly x: number;
  readonly y: number;
}
