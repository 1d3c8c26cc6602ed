/**
 * Password hashes: scrypt with the parameters OWASP lists for 16 MB of memory, kept in the hash itself as
 * `scrypt$N$r$p$salt$hash`, so that raising them later re-hashes each password at its owner's next sign-in.
 * One computation costs about a quarter of a second of CPU: callers rate-limit before they come here.
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { ScryptOptions } from "node:crypto";

const COST = 16384;
const BLOCK_SIZE = 8;
const PARALLELISM = 5;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** A hash that asks for more than this is not ours; without the bound, a stored string could ask for any work. */
const MAX_MEMORY = 64 * 1024 * 1024;
const FORMAT = /^scrypt\$(\d{1,8})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

interface StoredHash {
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

export interface PasswordCheck {
  readonly matches: boolean;
  /** The hash was made with other parameters than today's: store a new one. */
  readonly outdated: boolean;
}

/** scrypt with a salt of its own; the costs stand in the hash, so that they can be raised later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST, BLOCK_SIZE, PARALLELISM);
  return ["scrypt", COST, BLOCK_SIZE, PARALLELISM, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

/**
 * `stored: null` stands for an address nobody has signed up with: the same work is done and nothing matches, so that the
 * time an answer takes does not tell which addresses exist.
 */
export async function verifyPassword(password: string, stored: string | null): Promise<PasswordCheck> {
  const known = stored === null ? null : parseHash(stored);
  const { cost, blockSize, parallelism, salt, hash } = known ?? NOBODY;
  const derived = await derive(password, salt, cost, blockSize, parallelism);
  const equal = timingSafeEqual(derived, hash);
  const current = cost === COST && blockSize === BLOCK_SIZE && parallelism === PARALLELISM;
  return { matches: equal && known !== null, outdated: known !== null && !current };
}

const NOBODY: StoredHash = {
  cost: COST,
  blockSize: BLOCK_SIZE,
  parallelism: PARALLELISM,
  salt: Buffer.alloc(SALT_BYTES),
  hash: Buffer.alloc(HASH_BYTES),
};

function parseHash(stored: string): StoredHash | null {
  const match = FORMAT.exec(stored);
  const [, cost, blockSize, parallelism, salt, hash] = match ?? [];
  if (salt === undefined || hash === undefined) return null;
  return {
    cost: Number(cost),
    blockSize: Number(blockSize),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, "base64url"),
    hash: Buffer.from(hash, "base64url"),
  };
}

/** NFKC first: the same password typed on another keyboard or system must give the same bytes. */
function derive(password: string, salt: Buffer, N: number, r: number, p: number): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: MAX_MEMORY };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, HASH_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
