/** Deadlines: the one way in which objects and the Worker wait for somebody else. */

/** No answer in time: what was asked for may still happen. */
export class TooLate extends Error {
  override readonly name = "TooLate";
  constructor(what: string) {
    super(`${what} did not answer in time`);
  }
}

/** For requests: aborted at the deadline. Made only when asked for. */
export type Signal = () => AbortSignal;

/**
 * @throws TooLate, or what `ask` throws. A call that is late may go on; its answer is nobody's.
 */
export async function inTime<T>(what: string, deadlineMs: number, ask: (signal: Signal) => Promise<T>): Promise<T> {
  let controller: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new TooLate(what);
      reject(error);
      controller?.abort(error);
    }, deadlineMs);
  });
  try {
    return await Promise.race([ask(() => (controller ??= new AbortController()).signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
