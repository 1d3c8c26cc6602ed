/** Plans for tests, with settings in which every limit can be met. */
import type { PerformanceSettings, PublishRequest, SchedulePlan } from "../../durable-objects/performance/contract.ts";
import { KOREAN_LADDER } from "../../durable-objects/performance/order-policy.ts";
import { gridChart } from "../../dev/demo/halls.ts";
import type { Chart } from "../../durable-objects/performance/seats/chart.ts";

export const PERFORMANCE_ID = "00000000-0000-4000-8000-000000000001";
export const SCHEDULE_ID = "00000000-0000-4000-8000-0000000000a1";

export const LANES = [
  { id: "general", share: 70 },
  { id: "priority", share: 30 },
] as const;

export function schedulePlan(chart: Chart, id = SCHEDULE_ID): SchedulePlan {
  return {
    id,
    startsAt: Date.UTC(2027, 0, 1, 10),
    hallName: "국립극장",
    timeZone: "Asia/Seoul",
    chart,
    prices: { S: 110_000, A: 90_000, B: 70_000 },
  };
}

export function publishRequest(
  settings: Partial<PerformanceSettings> = {},
  chart: Chart = gridChart(10, 5),
): PublishRequest {
  return {
    performanceId: PERFORMANCE_ID,
    settings: {
      title: "햄릿",
      currency: "KRW",
      gatherAt: null,
      beacon: null,
      openAt: 0,
      closeAt: Date.UTC(2030, 0, 1),
      capacity: 100,
      ratePerMinute: 6_000,
      showUpSeconds: 60,
      bookingSeconds: 600,
      holdSeconds: 300,
      paymentSeconds: 480,
      depositMinutes: 1_440,
      maxSeatsPerMember: 4,
      noSingleSeats: false,
      accessibleReleaseAt: null,
      cancellation: KOREAN_LADDER,
      releaseEverySeconds: 0,
      releaseJitterSeconds: 0,
      absenceGraceSeconds: 600,
      lanes: [{ id: "general", share: 100 }],
      rejoinSeconds: 60,
      queueLimitFactor: 0,
      verification: null,
      lobbies: 2,
      bookingLobbies: 1,
      ...settings,
    },
    schedules: [schedulePlan(chart)],
  };
}
