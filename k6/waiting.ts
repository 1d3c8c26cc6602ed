/**
 * A long wait before a narrow door: half of the fans on sockets, half asking again as often as the server tells them. Who
 * is admitted enters and leaves; the others leave when the time is up.
 */
import { Counter } from "k6/metrics";
import { Fan } from "./fan.ts";
import { everyFanOnce, fanIndex } from "./setup.ts";

const finished = new Counter("fans_finished");
const admitted = new Counter("fans_admitted");

export const options = everyFanOnce(
  { join: 2_000, look: 1_000, leave: 1_000 },
  { sockets_dropped: ["count==0"], fans_admitted: ["count>0"] },
);

export default async function wait(): Promise<void> {
  const fan = new Fan();
  fan.arrive();
  const joined = fan.join();
  const end = fanIndex() % 2 === 0 ? await fan.waitOnSocket(joined) : fan.waitByPolling(joined);
  if (end === "admitted") {
    admitted.add(1);
    fan.enter();
  }
  fan.leave();
  finished.add(1);
}
