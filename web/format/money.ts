/** Amounts are integers in minor units; how many digits a currency has is the browser's knowledge, not ours. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(language: string, currency: string): Intl.NumberFormat {
  const key = `${language} ${currency}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(language, { style: "currency", currency });
    formats.set(key, format);
  }
  return format;
}

/** Korean readers expect "110,000원", which no Intl style produces; everything else is Intl's. */
export function moneyText(amount: number, currency: string, language: string): string {
  const format = formatOf(language, currency);
  const major = amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 0);
  if (currency === "KRW" && language === "ko") return `${major.toLocaleString("ko")}원`;
  return format.format(major);
}
