/** What can be wrong with a chart, in plain words. `docs/charts.md` lists the same codes. */

/** What a finding rests on: short texts and numbers. */
export type Evidence = Readonly<Record<string, string | number>>;

interface Kind {
  /** An error is refused; a warning is stored, and somebody should look. */
  readonly severity: "error" | "warning";
  readonly ko: (e: Evidence) => string;
  readonly en: (e: Evidence) => string;
}

export const findingKinds = {
  "not-a-chart": {
    severity: "error",
    ko: ({ reason }) => `형식이 맞지 않습니다: ${reason}`,
    en: ({ reason }) => String(reason),
  },
  "no-places": {
    severity: "error",
    ko: () => "좌석도 스탠딩 구역도 없습니다.",
    en: () => "there is neither a seat nor a standing zone",
  },
  "too-many-places": {
    severity: "error",
    ko: ({ count, most }) => `좌석과 스탠딩을 합쳐 ${count}석입니다. 최대 ${most}석까지 됩니다.`,
    en: ({ count, most }) => `has ${count} places; the most is ${most}`,
  },
  "too-many-grades": {
    severity: "error",
    ko: ({ count, most }) => `등급이 ${count}개입니다. 최대 ${most}개까지 됩니다.`,
    en: ({ count, most }) => `has ${count} grades; the most is ${most}`,
  },
  "duplicate-section-id": {
    severity: "error",
    ko: ({ id }) => `구역 id ${id}이(가) 두 번 쓰였습니다.`,
    en: ({ id }) => `${id} is the id of another section`,
  },
  "duplicate-seat-id": {
    severity: "error",
    ko: ({ id }) => `좌석 id ${id}이(가) 두 번 쓰였습니다. id는 한 좌석에만 쓸 수 있습니다.`,
    en: ({ id }) => `${id} is the id of another seat`,
  },
  "duplicate-label": {
    severity: "error",
    ko: ({ section, row, label }) =>
      `${section} ${row}열에 ${label}번이 두 개입니다. 표에 적힌 자리를 구별할 수 없습니다.`,
    en: ({ section, row, label }) =>
      `there are two seats ${label} in row ${row} of ${section}: their tickets would read the same`,
  },
  "unknown-grade": {
    severity: "error",
    ko: ({ grade, known }) => `등급 ${grade}은(는) 등급 목록에 없습니다 (${known}).`,
    en: ({ grade, known }) => `${grade} is not one of the chart's grades (${known})`,
  },
  "duplicate-row": {
    severity: "warning",
    ko: ({ section, row }) => `${section}에 ${row}열이 두 개입니다.`,
    en: ({ section, row }) => `${section} has two rows called ${row}`,
  },
  "overlapping-seats": {
    severity: "warning",
    ko: ({ seat, other }) => `좌석 ${seat}와(과) ${other}이(가) 도면에서 겹칩니다.`,
    en: ({ seat, other }) => `${seat} lies on top of ${other}`,
  },
  "row-without-neighbours": {
    severity: "warning",
    ko: ({ section, row }) => `${section} ${row}열에는 나란히 앉을 수 있는 좌석이 없습니다. 통로 표시를 확인해 주세요.`,
    en: ({ section, row }) => `nobody can sit beside somebody in row ${row} of ${section}: check its aisles`,
  },
  "gap-without-aisle": {
    severity: "warning",
    ko: ({ seat, next, widths }) =>
      `좌석 ${seat}와(과) ${next} 사이가 좌석 ${widths}개 너비만큼 떨어져 있는데 통로 표시가 없습니다.`,
    en: ({ seat, next, widths }) => `${seat} and ${next} are ${widths} seat widths apart, and no aisle is marked`,
  },
  "unused-grade": {
    severity: "warning",
    ko: ({ grade }) => `등급 ${grade}인 좌석이 없습니다.`,
    en: ({ grade }) => `no seat has the grade ${grade}`,
  },
  "companion-without-wheelchair": {
    severity: "warning",
    ko: ({ section, row }) => `${section} ${row}열에 동반자석은 있지만 휠체어석이 없습니다.`,
    en: ({ section, row }) => `row ${row} of ${section} has a companion's seat, but no wheelchair space`,
  },
} as const satisfies Record<string, Kind>;

export type FindingCode = keyof typeof findingKinds;

export interface Finding {
  readonly severity: "error" | "warning";
  readonly code: FindingCode;
  /** Where in the document. */
  readonly path: readonly (string | number)[];
  readonly ko: string;
  readonly en: string;
  readonly evidence: Evidence;
}

export function finding(code: FindingCode, path: readonly (string | number)[], evidence: Evidence = {}): Finding {
  const kind: Kind = findingKinds[code];
  return { severity: kind.severity, code, path, ko: kind.ko(evidence), en: kind.en(evidence), evidence };
}
