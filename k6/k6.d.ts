/** What the scripts use of k6's own modules and globals; k6 brings them itself, and npm has nothing to install. */

// oxlint-disable-next-line no-underscore-dangle -- k6's own name
declare const __ENV: Readonly<Record<string, string | undefined>>;

/** Reads a file before the load begins. */
declare function open(path: string): string;

declare module "k6" {
  export function check<Value>(
    value: Value,
    expectations: Readonly<Record<string, (value: Value) => boolean>>,
    tags?: Readonly<Record<string, string>>,
  ): boolean;
  export function sleep(seconds: number): void;
}

declare module "k6/data" {
  /** One copy for all fans, instead of one each. */
  export class SharedArray<Item> {
    constructor(name: string, make: () => readonly Item[]);
    readonly length: number;
    readonly [index: number]: Item;
  }
}

declare module "k6/execution" {
  const execution: { readonly vu: { readonly idInTest: number } };
  export default execution;
}

declare module "k6/http" {
  export interface Params {
    readonly headers?: Readonly<Record<string, string>>;
    readonly tags?: Readonly<Record<string, string>>;
    readonly redirects?: number;
    readonly timeout?: string;
    readonly responseCallback?: unknown;
  }
  export interface Response {
    /** 0: there was no answer. */
    readonly status: number;
    readonly body: string | null;
    readonly headers: Readonly<Record<string, string>>;
    json(): unknown;
  }
  const http: {
    request(
      method: string,
      url: string,
      body: string | Readonly<Record<string, string>> | null,
      params: Params,
    ): Response;
    /** Which answers do not count as failed requests. */
    expectedStatuses(...statuses: readonly number[]): unknown;
  };
  export default http;
}

declare module "k6/metrics" {
  export class Counter {
    constructor(name: string);
    add(value: number, tags?: Readonly<Record<string, string>>): void;
  }
  export class Trend {
    constructor(name: string, isTime?: boolean);
    add(value: number): void;
  }
}

declare module "k6/websockets" {
  export class WebSocket {
    constructor(url: string, protocols: readonly string[]);
    onmessage: ((event: { readonly data: string }) => void) | null;
    onclose: (() => void) | null;
    onerror: (() => void) | null;
    /** 1: open. */
    readonly readyState: number;
    send(text: string): void;
    close(): void;
  }
}
