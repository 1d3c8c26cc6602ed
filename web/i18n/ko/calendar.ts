/** Korean texts of calendars. */
import { params } from "@nanostores/i18n";
import { messages } from "../language.ts";

const korean = {
  before: "이전 달",
  after: "다음 달",
  count: params("{n}회"),
};

export type Key = keyof typeof korean;

export const calendarText = messages("calendar", korean, () => import("../en/calendar.ts"));
