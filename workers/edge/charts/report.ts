/** The lint report of whatever somebody calls a chart: first its form, then, if that is right, what the whole looks like. */
import { gradesOf, placesOf, type Chart } from "../../../durable-objects/performance/seats/chart.ts";
import { chartForm } from "../routes/organizer/chart-input.ts";
import { finding, type Finding } from "./findings.ts";
import { chartFindings } from "./lint.ts";

export interface ChartReport {
  /** No error: it may be stored. */
  readonly ok: boolean;
  readonly places: number;
  readonly grades: readonly string[];
  readonly findings: readonly Finding[];
}

const MOST_FORM_ERRORS = 50;

export function reportOn(input: unknown): { readonly chart: Chart | null; readonly report: ChartReport } {
  const parsed = chartForm.safeParse(input);
  if (!parsed.success) {
    const findings = parsed.error.issues
      .slice(0, MOST_FORM_ERRORS)
      .flatMap((issue) =>
        issue.code === "unrecognized_keys"
          ? issue.keys.map((key) => ({ path: [...issue.path, key], reason: "is not a field of a chart" }))
          : [{ path: issue.path, reason: issue.message }],
      )
      .map(({ path, reason }) =>
        finding(
          "not-a-chart",
          path.map((step) => (typeof step === "number" ? step : String(step).slice(0, 60))),
          {
            reason: reason.slice(0, 200),
          },
        ),
      );
    return { chart: null, report: { ok: false, places: 0, grades: [], findings } };
  }
  const chart = parsed.data satisfies Chart;
  const findings = chartFindings(chart);
  const ok = findings.every(({ severity }) => severity !== "error");
  return { chart: ok ? chart : null, report: { ok, places: placesOf(chart), grades: gradesOf(chart), findings } };
}
