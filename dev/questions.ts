/**
 * npm run questions: is it fair, is it full, is it selling, is money stuck? Answered from /metrics, of every sale.
 *
 *     npm run questions -- [--url http://127.0.0.1:8787]        METRICS_TOKEN in the environment, or .dev.vars
 */
import { parseArgs } from "node:util";
import { Failure, sentenceOf } from "./failure.ts";
import { answersOf } from "./operations/questions.ts";
import { readSecrets } from "./secrets.ts";

const { values } = parseArgs({ options: { url: { type: "string", default: "http://127.0.0.1:8787" } } });

try {
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
} catch (error) {
  console.error(`✗ ${sentenceOf(error)}`);
  process.exitCode = 1;
}
