/**
 * Who asked, for whoever follows a purchase afterwards. A request has an id: Cloudflare's own where it has one (`cf-ray`, of
 * which only the form is believed), else a fresh one. Commands it sends are numbered: `<request>.<number>`.
 */
const RAY = /^[0-9a-f]{16}(-[A-Z]{3})?$/;

export class Trail {
  readonly requestId: string;
  readonly startedAt: number;
  /** Of the sale the request turned out to be about. */
  performanceId: string | null = null;
  #commands = 0;

  constructor(ray: string | undefined, now: number) {
    this.requestId = ray !== undefined && RAY.test(ray) ? ray : freshId();
    this.startedAt = now;
  }

  /** The id of the request's next command. */
  next(): string {
    this.#commands += 1;
    return `${this.requestId}.${this.#commands}`;
  }

  /** So many commands were sent. */
  get commands(): number {
    return this.#commands;
  }
}

/** In the form of Cloudflare's. */
function freshId(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 16);
}
