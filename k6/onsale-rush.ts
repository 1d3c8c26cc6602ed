/**
 * The minute a sale opens: everybody joins over HTTP within seconds, waits on a WebSocket until admitted, enters, and
 * leaves again, so that the next one gets the slot. Some join a second time, as from another tab.
 */
import { check } from "k6";
import { Counter, Trend } from "k6/metrics";
import { Fan } from "./fan.ts";
import { broken } from "./rules.ts";
import { everyFanOnce, fanIndex } from "./setup.ts";

const finished = new Counter("fans_finished");
const waited = new Trend("wait_until_admitted", true);
const SECOND_TAB_EVERY = 5;

export const options = everyFanOnce({ join: 2_000, enter: 1_000, leave: 1_000 }, { sockets_dropped: ["count==0"] });

export default async function rush(): Promise<void> {
  const fan = new Fan();
  fan.arrive();
  const joined = fan.join();
  const joinedAt = Date.now();
  if (fanIndex() % SECOND_TAB_EVERY === 0) {
    const again = fan.join();
    if (again.number !== joined.number)
      broken("joining again changes nothing", `number ${joined.number}, then ${again.number}`);
  }
  const end = await fan.waitOnSocket(joined);
  check(end, { "everybody is admitted": () => end === "admitted" });
  if (end === "admitted") {
    waited.add(Date.now() - joinedAt);
    fan.enter();
  }
  fan.leave();
  finished.add(1);
}
