/** How a seat is called, on screen and aloud. */
import { moneyText } from "../format/money.ts";
import { language } from "../i18n/language.ts";
import { seatsText } from "../i18n/ko/seats.ts";
import type { Mark } from "./marks.ts";

export interface NamedSeat {
  readonly section: string;
  readonly row: string;
  readonly label: string;
  readonly grade: string;
  readonly price: number;
  readonly accessible?: boolean;
  readonly restricted?: boolean;
}

/** "A구역 3열 4번"; the section is said only where there are several. */
export function shortName(seat: NamedSeat, withSection: boolean): string {
  // A place to stand has no row: it is called by its zone and number.
  if (seat.row === "") return `${seat.section} ${seatsText.get().placeName({ n: seat.label })}`;
  const name = seatsText.get().seatName({ row: seat.row, seat: seat.label });
  return withSection && seat.section !== "" ? `${seat.section} ${name}` : name;
}

/** "3열 4번 S석 110,000원 선택 가능" */
export function fullName(seat: NamedSeat, withSection: boolean, currency: string, mark: Mark): string {
  const t = seatsText.get();
  const price = moneyText(seat.price, currency, language.get());
  const trait = seat.accessible === true ? ` ${t.accessible}` : seat.restricted === true ? ` ${t.restricted}` : "";
  return `${shortName(seat, withSection)} ${t.gradeName({ grade: seat.grade })} ${price}${trait} ${t[mark]}`;
}
