/** Fans who join and keep their receipt. */
import { z } from "zod";
import { Buyer, queueAnswer, type QueueAnswer } from "./buyer.ts";
import type { House, Show } from "./house.ts";

export interface Receipted {
  readonly receipt: string;
  readonly number: number;
  readonly look: () => Promise<QueueAnswer>;
}

const joined = queueAnswer.extend({ receipt: z.string(), number: z.number() });

export async function ownReceipt(house: House, show: Show, token: string): Promise<Receipted> {
  const { receipt, number } = await house.api.call(`POST /api/performances/${show.id}/queue`, joined, { token });
  const buyer = new Buyer(house, show, token);
  return { receipt, number, look: () => buyer.look() };
}
