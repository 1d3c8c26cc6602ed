/**
 * staging and production in wrangler.toml. Bindings are not inherited there, so each environment repeats them; nobody copies
 * them by hand: they are written from the top level (npm run environments), and a test says when they differ.
 *
 * Pure: the text of wrangler.toml in, the text with its last part renewed out.
 */
export const environments = ["staging", "production"] as const;
export type EnvironmentName = (typeof environments)[number];

const MARK = "# ---- Written by npm run environments from what is above; change that instead. ----";
/** Tables an environment does not inherit. The others (assets, migrations, observability, triggers, limits) it does. */
const NOT_INHERITED = /^(durable_objects|queues|ratelimits|analytics_engine_datasets|vars)\b/;
const HEADER = /^\[\[?([\w.]+)\]\]?$/;

/** What differs: where it is reached, and that staging takes play money. */
const own: Readonly<
  Record<EnvironmentName, { readonly keys: readonly string[]; readonly vars: Readonly<Record<string, string>> }>
> = {
  staging: { keys: ["workers_dev = true"], vars: { PAYMENTS_MODE: "sandbox", ENVIRONMENT: "staging" } },
  production: {
    // A domain of one's own, so that cookies and links belong to it. npm run deploy refuses this placeholder.
    keys: ["workers_dev = false", 'routes = [{ pattern = "tickets.example", custom_domain = true }]'],
    vars: { PAYMENTS_MODE: "live", ENVIRONMENT: "production" },
  },
};

export function withEnvironments(toml: string): string {
  const top = topLevel(toml);
  return (
    [top.trimEnd(), "", MARK, ...environments.flatMap((name) => ["", environmentText(top, name)])].join("\n") + "\n"
  );
}

function topLevel(toml: string): string {
  const end = toml.indexOf(MARK);
  return end === -1 ? toml : toml.slice(0, end);
}

function environmentText(top: string, name: EnvironmentName): string {
  const lines = [`[env.${name}]`, `name = "ticketping-${name}"`, ...own[name].keys];
  let kept = false;
  let vars = false;
  for (const line of top.split("\n")) {
    const table = HEADER.exec(line)?.[1];
    if (table !== undefined) {
      kept = NOT_INHERITED.test(table);
      vars = table === "vars";
      if (kept) lines.push("", line.replace(table, `env.${name}.${table}`));
      if (vars)
        for (const [key, value] of Object.entries(own[name].vars)) lines.push(`${key} = ${JSON.stringify(value)}`);
    } else if (kept && line !== "" && !line.startsWith("#")) {
      const key = line.split(" ")[0] ?? "";
      if (!vars || own[name].vars[key] === undefined) lines.push(renamed(line, name));
    }
  }
  return lines.join("\n");
}

/** Queues, data sets and counters are an account's: each environment has its own. */
function renamed(line: string, name: EnvironmentName): string {
  if (/^(queue|dead_letter_queue) = "ticketping-/.test(line))
    return line.replace('"ticketping-', `"ticketping-${name}-`);
  if (line.startsWith('dataset = "ticketping"')) return `dataset = "ticketping_${name}"`;
  if (line.startsWith('namespace_id = "1')) return line.replace('"1', name === "staging" ? '"2' : '"3');
  return line;
}
