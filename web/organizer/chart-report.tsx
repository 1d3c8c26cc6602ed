/** A plan from a file, checked before anybody keeps it: what is wrong or odd about it, and a picture. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { chartOfTable, chartPicture, type Checked, type ChartReport, lintChart } from "../calls/charts.ts";
import { editText } from "../i18n/ko/edit.ts";
import { language } from "../i18n/language.ts";
import { ChartPicture } from "./chart-picture.tsx";

const MOST_BYTES = 8 * 1024 * 1024;
const MOST_FINDINGS = 20;

/**
 * JSON, or a table of one line a seat, which needs a name.
 * @throws SyntaxError when it is too large, or neither; what the server refuses is a problem.
 */
export async function checkFile(file: File, name: string): Promise<Checked> {
  if (file.size > MOST_BYTES) throw new SyntaxError("too large");
  const content = await file.text();
  const table = /\.csv$/i.test(file.name) || !/^\s*[{[]/.test(content);
  if (table) return chartOfTable(name || file.name.slice(0, 40), content);
  const chart: unknown = JSON.parse(content);
  return lintChart(chart);
}

export function Report({ checked: { chart, report } }: { readonly checked: Checked }): JSX.Element {
  const t = useStore(editText);
  const chosen = useStore(language);
  const places = report.places.toLocaleString(chosen);
  const label = t.previewText({ seats: places, grades: report.grades.join(", ") });
  return (
    <div data-report={report.ok ? "ok" : "bad"}>
      <p class={report.ok ? "faint" : "alert"} role="status">
        {!report.ok || chart === null
          ? t.chartBad
          : (report.findings.length > 0 ? t.chartOdd : t.chartGood)({ places })}
      </p>
      <Findings report={report} />
      {chart !== null && (
        <ChartPicture chart={chartPicture(chart)} grades={report.grades} label={label} stage={t.stage} />
      )}
    </div>
  );
}

function Findings({ report: { findings } }: { readonly report: ChartReport }): JSX.Element | null {
  const t = useStore(editText);
  const chosen = useStore(language);
  if (findings.length === 0) return null;
  return (
    <ul class="findings">
      {findings.slice(0, MOST_FINDINGS).map((finding, index) => (
        <li key={index} data-severity={finding.severity}>
          <span class={`badge ${finding.severity === "error" ? "badge-failed" : "badge-paused"}`}>
            {finding.severity === "error" ? t.findingError : t.findingWarning}
          </span>{" "}
          {finding[chosen]} <span class="faint code">{finding.path.map(String).join(".")}</span>
        </li>
      ))}
      {findings.length > MOST_FINDINGS && (
        <li class="faint">{t.moreFindings({ n: findings.length - MOST_FINDINGS })}</li>
      )}
    </ul>
  );
}
