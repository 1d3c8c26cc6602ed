import { expect, test } from "vitest";
import { Alarm } from "./alarm.ts";

function alarmIn(stored: number | null): { readonly alarm: Alarm; readonly set: number[] } {
  const set: number[] = [];
  const storage = {
    getAlarm: () => Promise.resolve(stored),
    setAlarm: (at: number | Date) => Promise.resolve(void set.push(Number(at))),
  };
  return { alarm: new Alarm(storage), set };
}

test("one that is set comes by its time, and by no earlier one", async () => {
  const { alarm, set } = alarmIn(null);
  await alarm.learn();
  expect(alarm.comes(1_000)).toBe(false);
  await alarm.set(5_000);
  expect(set).toEqual([5_000]);
  expect([alarm.comes(1_000), alarm.comes(1_000, 5_000), alarm.comes(1_000, 4_999)]).toEqual([true, true, false]);
  alarm.over();
  expect(alarm.comes(1_000)).toBe(false);
});

test("one that was set before a start is known after it", async () => {
  const { alarm } = alarmIn(5_000);
  expect(alarm.comes(1_000)).toBe(false);
  await alarm.learn();
  expect(alarm.comes(1_000)).toBe(true);
});

test("one that is a minute late was lost, and counts as none", async () => {
  const { alarm } = alarmIn(5_000);
  await alarm.learn();
  expect([alarm.comes(65_000), alarm.comes(65_001)]).toEqual([true, false]);
});
