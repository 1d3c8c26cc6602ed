/** What checking a draw consists of, and what each step may find. */
export const steps = ["secret", "beacon", "timing", "list", "distinct", "root", "seed", "order", "receipt"] as const;
export type Step = (typeof steps)[number];

/**
 * `fits` and `differs` are findings about the public facts; `careful`: true, but less is proven than one may think;
 * `open`: nothing to compare with, or not yet; `broken`: what is needed could not be had, which says nothing.
 */
export type Mark = "fits" | "differs" | "careful" | "open" | "broken";

/** Sentences that a finding may carry; their words are in the texts. */
export type Remark =
  | "noBeacon"
  | "lateBeacon"
  | "unknownChain"
  | "earlyRound"
  | "notDrawn"
  | "needsOther"
  | "noReceipt"
  | "badReceipt"
  | "otherShow"
  | "otherEntry"
  | "unreachable";

export interface Finding {
  readonly step: Step;
  readonly mark: Mark;
  readonly remark?: Remark;
}

/** Where one's own receipt leads; numbers and places count from zero. */
export interface Own {
  readonly number: number;
  /** Null before the draw. */
  readonly place: number | null;
  readonly joinedAt: number;
  /** Came after the list was sealed: places follow in the order of coming. */
  readonly late: boolean;
}

export type Verdict = "fits" | "careful" | "differs" | "broken" | "open";

/** The worst finding decides. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  const found = (mark: Mark): boolean => findings.some((finding) => finding.mark === mark);
  if (found("differs")) return "differs";
  if (found("broken")) return "broken";
  if (findings.some(({ remark }) => remark === "notDrawn")) return "open";
  return found("careful") ? "careful" : "fits";
}
