/** What wrangler's configuration says of the Worker, for whoever runs the built bundle without wrangler: one list of objects, not a copy in each. */
import path from "node:path";
import { unstable_readConfig } from "wrangler";
import { z } from "zod";
import { projectRoot } from "./children.ts";

export interface WorkerConfig {
  readonly date: string;
  readonly flags: string[];
  /** Class of each binding of objects. */
  readonly objects: Readonly<Record<string, string>>;
}

const wranglerConfig = z.looseObject({
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()),
  durable_objects: z.looseObject({ bindings: z.array(z.looseObject({ name: z.string(), class_name: z.string() })) }),
});

export function readWorkerConfig(file = "wrangler.toml"): WorkerConfig {
  const config = wranglerConfig.parse(unstable_readConfig({ config: path.join(projectRoot, file) }));
  const classes = config.durable_objects.bindings.map(({ name, class_name: className }) => [name, className] as const);
  return {
    date: config.compatibility_date,
    flags: config.compatibility_flags,
    objects: Object.fromEntries(classes),
  };
}

export interface ObjectBinding {
  className: string;
  useSQLite: true;
  scriptName?: string;
}

/** The bindings as Miniflare takes them; of the objects of another Worker, if it is named. */
export function objectBindings({ objects }: WorkerConfig, scriptName?: string): Record<string, ObjectBinding> {
  const elsewhere = scriptName === undefined ? {} : { scriptName };
  return Object.fromEntries(
    Object.entries(objects).map(([name, className]) => [name, { className, useSQLite: true, ...elsewhere }]),
  );
}
