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
  const t = seatsText.get();
  return called(seat, withSection, t.seatName, t.placeName);
}

function called(
  seat: NamedSeat,
  withSection: boolean,
  seatName: (of: { row: string; seat: string }) => string,
  placeName: (of: { n: string }) => string,
): string {
  // A place to stand has no row: it is called by its zone and number.
  if (seat.row === "") return `${seat.section} ${placeName({ n: seat.label })}`;
  const name = seatName({ row: seat.row, seat: seat.label });
  return withSection && seat.section !== "" ? `${seat.section} ${name}` : name;
}

/** "3열 4 번 S석 110,000원 선택 가능": the number that is on the seat is a word of its own. */
export function fullName(seat: NamedSeat, withSection: boolean, currency: string, mark: Mark): string {
  const t = seatsText.get();
  const price = moneyText(seat.price, currency, language.get());
  const trait = seat.accessible === true ? ` ${t.accessible}` : seat.restricted === true ? ` ${t.restricted}` : "";
  return `${called(seat, withSection, t.seatSpoken, t.placeSpoken)} ${t.gradeName({ grade: seat.grade })} ${price}${trait} ${t[mark]}`;
}
