/** Waiting that can be cut short: a timer that is still pending keeps an object from hibernating. */
export interface Pause {
  readonly over: Promise<void>;
  /** Ends it now. */
  readonly cancel: () => void;
}

export function pause(ms: number): Pause {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const cancel = (): void => {
    clearTimeout(timer);
    resolve();
  };
  return { over: promise, cancel };
}
