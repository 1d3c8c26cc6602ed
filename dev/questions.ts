/** npm run questions: is it fair, is it full, is it selling, is money stuck? Answered from /metrics, of every sale. */
import { parseArgs } from "node:util";
import { command } from "./command.ts";
import { Failure } from "./failure.ts";
import { answersOf } from "./operations/questions.ts";
import { readSecrets } from "./secrets.ts";

const usage = `npm run questions -- [--url URL]
  --url URL        the service to ask (default http://127.0.0.1:8787)
  METRICS_TOKEN    in the environment: its token; without it the one in .dev.vars`;

await command(usage, async (args) => {
  const { values } = parseArgs({ args, options: { url: { type: "string", default: "http://127.0.0.1:8787" } } });
  const token = process.env["METRICS_TOKEN"] ?? readSecrets().METRICS_TOKEN;
  const answer = await fetch(new URL("/metrics", values.url), {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(15_000),
  });
  if (!answer.ok) throw new Failure(`/metrics answered ${answer.status}.`);
  const sales = answersOf(await answer.text());
  for (const [id, answers] of sales) {
    console.log(id);
    for (const { question, ok, says } of answers) console.log(`  ${ok ? "✓" : "✗"} ${question.padEnd(8)} ${says}`);
    if (answers.some(({ ok }) => !ok)) process.exitCode = 1;
  }
  if (sales.size === 0) console.log("No sale has figures.");
});
