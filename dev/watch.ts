/**
 * npm run watch: a real Prometheus beside the running system, with our rules, until Ctrl-C.
 *
 * Debian: apt-get install prometheus. Dashboards: import docs/operations/dashboards/*.json into Grafana, whose data source
 * is then http://127.0.0.1:9090.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "./children.ts";
import { command } from "./command.ts";
import { Failure } from "./failure.ts";
import { startPrometheus } from "./prometheus.ts";
import { runningStack } from "./running.ts";
import { readSecrets } from "./secrets.ts";

const usage = `npm run watch -- [options]     beside npm start, in another terminal
  --port N        Prometheus on port N (default 9090)
  --stack PORT    the port of npm start (default 8787)
  --data DIR      its folder (default .data)`;

await command(usage, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "9090" },
      stack: { type: "string", default: "8787" },
      data: { type: "string", default: ".data" },
    },
  });
  const stack = await runningStack(Number(values.stack), values.data);
  if (stack === null) throw new Failure(`Nothing runs on port ${values.stack}: npm start it first.`);
  const prometheus = await startPrometheus({
    port: Number(values.port),
    folder: path.resolve(projectRoot, values.data, "prometheus"),
    origin: stack.origin,
    token: readSecrets().METRICS_TOKEN,
    everySeconds: 5,
  });
  console.log(`Prometheus is at ${prometheus.url}: its alerts at ${prometheus.url}/alerts. Ctrl-C stops it.`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void prometheus.stop());
  await prometheus.ended;
});
