/** Sales on several cores: each worker plays a handful of seeds at a time, and asks for the next handful. */
import { fork, type ChildProcess } from "node:child_process";
import path from "node:path";

import { addUp, type CampaignOptions, type CampaignResult, type Failure } from "./campaign.ts";

/** Seeds a worker plays before it reports. */
const HANDFUL = 10;

export interface PoolOptions extends CampaignOptions {
  readonly jobs: number;
  readonly progress: (done: number) => void;
}

export async function campaignOnCores({ jobs, progress, ...options }: PoolOptions): Promise<CampaignResult> {
  const met: Record<string, number> = {};
  const end = options.firstSeed + options.seeds;
  let next = options.firstSeed;
  let done = 0;
  const failures: Failure[] = [];
  const workers = Array.from({ length: Math.min(jobs, Math.ceil(options.seeds / HANDFUL)) }, async () => {
    const worker = fork(path.join(import.meta.dirname, "worker.ts"));
    try {
      while (next < end && failures.length === 0) {
        const seeds = Math.min(HANDFUL, end - next);
        const task: CampaignOptions = { ...options, firstSeed: next, seeds };
        next += seeds;
        const result = await ask(worker, task);
        addUp(met, result.met);
        if (result.failure !== null) failures.push(result.failure);
        done += seeds;
        progress(done);
      }
    } finally {
      worker.kill();
    }
  });
  await Promise.all(workers);
  // Of several failures the one with the smallest seed is told, so that a campaign says the same each time.
  const failure = failures.toSorted((a, b) => a.seed - b.seed)[0] ?? null;
  return { failure, met };
}

function ask(worker: ChildProcess, task: CampaignOptions): Promise<CampaignResult> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null): void => reject(new Error(`a process of the pool ended with code ${code}`));
    worker.once("message", (result: CampaignResult) => {
      worker.off("exit", died);
      resolve(result);
    });
    worker.once("exit", died);
    worker.send(task);
  });
}
