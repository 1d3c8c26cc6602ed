/** One fan over the public HTTP and WebSocket API, and nothing a browser would not know. */
import { check, sleep } from "k6";
import http from "k6/http";
import { Counter } from "k6/metrics";
import { WebSocket } from "k6/websockets";
import { broken, isOver, Standing, type QueueState, type Status } from "./rules.ts";
import { fanToken, plan } from "./setup.ts";

const comeBack = new Counter("asked_to_come_back");
const socketsDropped = new Counter("sockets_dropped");

const TRIES_MAX = 6;
const PAUSE_SECONDS_MAX = 5;
const SIGN_OF_LIFE_MS = 20_000;
const CLOSE_MS = 5_000;
const room = `/api/performances/${plan.performanceId}`;

export interface Request {
  /** The name under which its time is counted, and "METHOD /path". */
  readonly name: string;
  readonly call: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expect: readonly number[];
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

export type WaitEnd = "admitted" | "over" | "late";

type Frame = ({ readonly type: "state" } & QueueState) | { readonly type: "status"; readonly status: Status };

export class Fan {
  readonly standing = new Standing();
  readonly #token = fanToken();
  readonly #until = Date.now() + plan.seconds * 1_000;

  get millisecondsLeft(): number {
    return Math.max(0, this.#until - Date.now());
  }

  /** Somewhere within the time in which the fans arrive. */
  arrive(): void {
    sleep(Math.random() * plan.arriveWithinSeconds);
  }

  join(): QueueState {
    return this.#told({ name: "join", call: `POST ${room}/queue`, expect: [200] });
  }

  /** Null: it is sold out already. */
  joinUnlessSoldOut(): QueueState | null {
    const { status, body } = this.ask<QueueState & { readonly code?: string }>({
      name: "join",
      call: `POST ${room}/queue`,
      expect: [200, 409],
    });
    if (status === 409) {
      check(body, { "joining is refused for one reason only": ({ code }) => code === "sold-out" });
      return null;
    }
    this.standing.saw(body);
    return body;
  }

  look(): QueueState {
    return this.#told({ name: "look", call: `GET ${room}/queue`, expect: [200] });
  }

  enter(): string {
    return this.ask<{ readonly pass: string }>({ name: "enter", call: `POST ${room}/enter`, expect: [200] }).body.pass;
  }

  leave(): void {
    this.ask({ name: "leave", call: `DELETE ${room}/queue`, expect: [204] });
  }

  /** Asks again as often as the server says, until admitted or there is nothing to wait for. */
  waitByPolling(first: QueueState): WaitEnd {
    let told = first;
    while (told.state !== "admitted" && told.state !== "entered") {
      if (isOver(told.status)) return "over";
      if (this.millisecondsLeft === 0) return "late";
      sleep(Math.min(told.pollAfterSeconds, this.millisecondsLeft / 1_000));
      told = this.look();
    }
    return "admitted";
  }

  /** Listens until admitted or there is nothing to wait for, from when the answer to joining said; a dropped socket is counted and opened again. */
  async waitOnSocket({ connectAfterMs = 0 }: QueueState): Promise<WaitEnd> {
    await elapsed(Math.min(connectAfterMs, this.millisecondsLeft));
    while (this.millisecondsLeft > 0) {
      const end = await this.#listen();
      if (end !== "dropped") return end;
      socketsDropped.add(1);
      await elapsed(200 + Math.random() * 800);
    }
    return "late";
  }

  /**
   * One request. 429, 503 and 504 are instructions: the same request again after the time they name. Any other 5xx breaks a
   * rule, and whatever is not expected fails the run.
   */
  ask<Body>({ name, call, body, headers, expect }: Request): Answer<Body> {
    const [method = "", path = ""] = call.split(" ");
    const params = {
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      tags: { name },
      responseCallback: http.expectedStatuses(...expect, 429, 503, 504),
      timeout: "30s",
    };
    for (let attempt = 1; ; attempt++) {
      const response = http.request(
        method,
        plan.origin.replace(/\/$/, "") + path,
        body === undefined ? null : JSON.stringify(body),
        params,
      );
      const { status } = response;
      if (attempt < TRIES_MAX && (status === 429 || status === 503 || status === 504)) {
        comeBack.add(1, { name });
        sleep(Math.min(Number(response.headers["Retry-After"] ?? "1"), PAUSE_SECONDS_MAX) * (0.5 + Math.random()));
        continue;
      }
      if (status >= 500 && status !== 503 && status !== 504)
        broken("the server does not fail", `${call} was answered ${status}`);
      const expected = check(response, { [`${name}: ${expect.join(" or ")}`]: () => expect.includes(status) });
      if (!expected) throw new Error(`${call} was answered ${status} ${(response.body ?? "").slice(0, 200)}`);
      return { status, body: (response.body ? response.json() : null) as Body };
    }
  }

  #told(request: Request): QueueState {
    const { body } = this.ask<QueueState>(request);
    this.standing.saw(body);
    return body;
  }

  #listen(): Promise<WaitEnd | "dropped"> {
    const url = `${plan.origin.replace(/^http/, "ws").replace(/\/$/, "")}${room}/live`;
    const socket = new WebSocket(url, ["ticketping.v1", `bearer.${this.#token}`]);
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish("late"), this.millisecondsLeft);
      const beat = setInterval(() => socket.readyState === 1 && socket.send('{"type":"here"}'), SIGN_OF_LIFE_MS);
      let end: WaitEnd | null = null;
      const stop = (how: WaitEnd | "dropped"): void => {
        clearTimeout(timer);
        clearInterval(beat);
        resolve(how);
      };
      const finish = (how: WaitEnd): void => {
        if (end !== null) return;
        end = how;
        socket.close();
        const patience = setTimeout(() => {
          broken("the server answers when a socket is closed", `nothing after ${CLOSE_MS} ms`);
          stop(how);
        }, CLOSE_MS);
        socket.onclose = () => {
          clearTimeout(patience);
          stop(how);
        };
      };
      socket.onerror = () => end ?? stop("dropped");
      socket.onclose = () => stop("dropped");
      socket.onmessage = ({ data }) => {
        const frame = JSON.parse(data) as Frame;
        if (frame.type === "state") this.standing.saw(frame);
        else if (frame.type === "status") this.standing.sawStatus(frame.status);
        else return;
        if (frame.type === "state" && (frame.state === "admitted" || frame.state === "entered")) finish("admitted");
        else if (isOver(frame.status)) finish("over");
      };
    });
  }
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
