/**
 * npm run deploy: what is here becomes staging or production.
 *
 * In this order: where logs and traces go is told, is anybody on sale, are all secrets set, pages, migrations over the direct
 * connection, the Worker, a smoke test. docs/deploy.md says the rest.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { projectRoot } from "./children.ts";
import {
  accountIn,
  askDestinations,
  destinationsOf,
  destinationsSentence,
  destinationTroubles,
} from "./deploy/destinations.ts";
import { environments, type EnvironmentName } from "./deploy/environments.ts";
import { reasonsToWait } from "./deploy/freeze.ts";
import { checkSecrets } from "./deploy/secrets.ts";
import { smoke } from "./deploy/smoke.ts";
import { command, Misuse } from "./command.ts";
import { Failure } from "./failure.ts";
import { migrate } from "./migrate.ts";

interface Options {
  readonly environment: EnvironmentName;
  readonly dryRun: boolean;
  readonly duringSale: boolean;
  readonly origin: string | null;
}

const usage = `npm run deploy -- --env ENVIRONMENT [--origin URL] [--dry-run] [--during-sale]
  --env            one of ${environments.join(", ")}
  --origin         where it answers: to see that nobody is on sale, and to test what was deployed
  --dry-run        builds everything, changes nothing
  --during-sale    although somebody is on sale
  DATABASE_URL     in the environment: Postgres over its direct connection, for migrations
  METRICS_TOKEN    in the environment: the deployment's, to read whether somebody is on sale`;

await command(usage, (words) => deploy(optionsFrom(words)));

function optionsFrom(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      env: { type: "string" },
      origin: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      "during-sale": { type: "boolean", default: false },
    },
  });
  const environment = environments.find((name) => name === values.env);
  if (environment === undefined) throw new Misuse(`--env must be one of ${environments.join(", ")}.`);
  return { environment, dryRun: values["dry-run"], duringSale: values["during-sale"], origin: values.origin ?? null };
}

async function deploy({ environment, dryRun, duringSale, origin }: Options): Promise<void> {
  const file = path.join(projectRoot, "wrangler.toml");
  const text = readFileSync(file, "utf8");
  const placeholder = environment === "production" && text.includes('"tickets.example"');
  if (placeholder && !dryRun)
    throw new Failure("wrangler.toml still has the domain tickets.example: put your own (dev/deploy/environments.ts).");
  await requireDestinations(environment, file, dryRun);
  if (!dryRun) await requireNoSale(origin, duringSale);
  if (!dryRun) requireSecrets(environment);
  run("Pages", "npm", ["run", "build"]);
  if (dryRun) {
    run("Worker (dry run)", "wrangler", [
      "deploy",
      "--env",
      environment,
      "--dry-run",
      "--outdir",
      `dist/${environment}`,
    ]);
    console.log(`\n✓ ${environment} would be deployed. Nothing was changed, and no secret was looked at.`);
    return nextSteps(environment, placeholder);
  }
  const databaseUrl = process.env["DATABASE_URL"];
  if (databaseUrl === undefined)
    throw new Failure("DATABASE_URL is not set: the direct connection, for the migrations.");
  if (new URL(databaseUrl).hostname.includes("-pooler."))
    throw new Failure("DATABASE_URL is Neon's pooler: migrations take the direct connection.");
  await migrate(databaseUrl);
  console.log("✓ Migrations");
  run("Worker", "wrangler", ["deploy", "--env", environment]);
  if (origin === null) return nextSteps(environment, placeholder);
  const wrong = await smoke(origin, environment);
  if (wrong.length > 0) {
    throw new Failure(
      `It is deployed, and not well: ${wrong.join("; ")}. To go back: npx wrangler rollback --env ${environment}`,
    );
  }
  console.log("✓ Smoke test");
  nextSteps(environment, placeholder);
}

/** Asked of the account where it can be; otherwise somebody has to look. */
async function requireDestinations(environment: EnvironmentName, file: string, dryRun: boolean): Promise<void> {
  const wanted = destinationsOf(environment, file);
  const sentence = destinationsSentence(wanted);
  if (sentence === null) return;
  const account = dryRun ? null : accountIn(process.env);
  const why = dryRun ? "a dry run asks nobody" : "CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN are not set";
  const known = account === null ? why : await askDestinations(account);
  if (typeof known === "string") return console.warn(`! Not verified (${known}). ${sentence}`);
  const troubles = destinationTroubles(wanted, known);
  if (troubles.length > 0) throw new Failure(`Nothing was changed: ${troubles.join("; ")}. ${sentence}`);
  console.log("✓ OTLP destinations");
}

async function requireNoSale(origin: string | null, duringSale: boolean): Promise<void> {
  const token = process.env["METRICS_TOKEN"];
  if (origin === null || token === undefined) {
    console.warn("! Not known whether anybody is on sale: give --origin, and METRICS_TOKEN in the environment.");
    return;
  }
  const answer = await fetch(new URL("/metrics", origin), { headers: { authorization: `Bearer ${token}` } }).catch(
    () => null,
  );
  if (answer?.status !== 200) {
    console.warn(`! /metrics answered ${answer?.status ?? "nothing"}: not known whether anybody is on sale.`);
    return;
  }
  const reasons = reasonsToWait(await answer.text());
  if (reasons.length === 0) return;
  if (!duringSale) throw new Failure(`Frozen: ${reasons.join("; ")}. If it must be: --during-sale.`);
  console.warn(`! During a sale, as asked: ${reasons.join("; ")}`);
}

function requireSecrets(environment: EnvironmentName): void {
  const { stdout, status } = spawnSync("wrangler", ["secret", "list", "--env", environment, "--format", "json"], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  const listed = status === 0 ? z.array(z.looseObject({ name: z.string() })).safeParse(JSON.parse(stdout)) : null;
  if (listed?.success !== true)
    throw new Failure("The secrets could not be listed: npx wrangler login, or CLOUDFLARE_API_TOKEN.");
  const { missing, warnings } = checkSecrets(new Set(listed.data.map(({ name }) => name)));
  for (const warning of warnings) console.warn(`! ${warning}`);
  if (missing.length > 0)
    throw new Failure(
      `Secrets are missing: ${missing.join(", ")}. Set each with npx wrangler secret put NAME --env ${environment}.`,
    );
  console.log("✓ Secrets");
}

function run(name: string, command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, [...args], { cwd: projectRoot, stdio: "inherit" });
  if (status !== 0) throw new Failure(`${name}: ${command} ${args.join(" ")} ended with ${status ?? "a signal"}.`);
  console.log(`✓ ${name}`);
}

function nextSteps(environment: EnvironmentName, placeholder: boolean): void {
  const steps = [
    ...(placeholder ? ["put your domain where wrangler.toml says tickets.example (dev/deploy/environments.ts)"] : []),
    "look at the dashboards for a minute: sockets come back, ticketping_object_started_time_seconds moves once",
    `if something is wrong: npx wrangler rollback --env ${environment} (migrations only ever add, so the Worker before still fits)`,
    "once the Worker before cannot come back any more, remove in a next release what only it needed",
  ];
  console.log(`\nNext:\n${steps.map((step) => `  - ${step}`).join("\n")}`);
}
