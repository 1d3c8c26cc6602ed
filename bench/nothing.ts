/** Requests that are answered with nothing: what everything costs before any of our code runs. */
import { Agent, get } from "node:http";

/** Asks for nothing for so long, and says how many times. */
export async function requestNothing(url: string, connections: number, seconds: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const until = performance.now() + seconds * 1_000;
  let requests = 0;
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      get(url, { agent }, (response) => {
        if (response.statusCode !== 204) reject(new Error(`nothing was answered with ${response.statusCode}`));
        response.resume().once("end", resolve);
      }).once("error", reject);
    });
  try {
    await Promise.all(
      Array.from({ length: connections }, async () => {
        for (; performance.now() < until; requests++) await one();
      }),
    );
  } finally {
    agent.destroy();
  }
  return requests;
}
