/**
 * What a file leaves behind ends with it: its lobbies would go on ticking, and a tick that comes while the next file's modules
 * are being loaded takes the loading into its own context, with which it is lost; the next file then waits for ever.
 */
import { reset } from "cloudflare:test";
import { afterAll } from "vitest";

afterAll(() => reset());
