/** One request over HTTP, as a browser makes it. */
import { request, type Agent } from "node:http";

export interface Question {
  readonly agent: Agent;
  readonly url: string;
  readonly method: "GET" | "POST" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * Once more on a new connection where the server has just closed the old one: browsers do the same, and whatever the benchmark asks
 * may be asked twice. Rejects when there is no answer; any status is one.
 */
export async function ask(question: Question): Promise<Answer> {
  try {
    return await askOnce(question);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ECONNRESET")) throw error;
    return askOnce(question);
  }
}

function askOnce({ agent, url, method, headers, body }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
