/** An origin behind the waiting room that takes long, sends visitors to itself, answers in parts, and counts what it is sent. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { answerJson, listen, type ListeningServer } from "../../dev/http-server.ts";

interface Upload {
  readonly taken: number;
  readonly ended: "whole" | "broken off" | null;
}

export class OddOrigin {
  /** Bytes of the last upload that reached it, and how it ended there. */
  upload: Upload = { taken: 0, ended: null };
  /** Of an answer that is not over yet, the rest. */
  finishStream: () => void = () => undefined;

  start(): Promise<ListeningServer> {
    return listen(0, (asked, response) => void this.#answer(asked, response));
  }

  async #answer(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const where = asked.url ?? "";
    const { host } = asked.headers;
    // Never.
    if (where.startsWith("/slow")) return;
    if (where.includes("/away")) {
      const targets = [`//${host}/a?b#c`, `http://${host}/d`, "/e", "https://elsewhere.example/f"];
      response.writeHead(302, { location: targets[Number(new URL(where, "http://o").searchParams.get("n"))] ?? "" });
      response.end();
    } else if (where.endsWith("/stream")) {
      response.writeHead(200, {
        "content-type": "text/plain",
        "keep-alive": "timeout=9",
        "proxy-authenticate": "Basic",
      });
      response.write("first");
      this.finishStream = () => void response.end(" last");
    } else if (await this.#take(asked)) {
      answerJson(response, 200, { where, headers: asked.headers });
    }
  }

  async #take(asked: IncomingMessage): Promise<boolean> {
    let taken = 0;
    this.upload = { taken, ended: null };
    try {
      for await (const part of asked as AsyncIterable<Buffer>) {
        taken += part.length;
        this.upload = { taken, ended: null };
      }
    } catch {
      this.upload = { taken, ended: "broken off" };
      return false;
    }
    this.upload = { taken, ended: "whole" };
    return true;
  }
}
