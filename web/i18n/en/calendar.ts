/** English texts of calendars. */
import type { Key } from "../ko/calendar.ts";

const english: Record<Key, string> = {
  before: "Previous month",
  after: "Next month",
  count: "schedules: {n}",
};

export default english;
