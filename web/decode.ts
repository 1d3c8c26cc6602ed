/** Turns what arrived (unknown) into what we expect, or throws: nothing from the network is trusted to have a shape. */
export type Decoder<T> = (value: unknown) => T;

export class ShapeError extends Error {}

function refuse(expected: string): never {
  throw new ShapeError(`expected ${expected}`);
}

export const text: Decoder<string> = (value) => (typeof value === "string" ? value : refuse("text"));

export const number: Decoder<number> = (value) =>
  typeof value === "number" && Number.isFinite(value) ? value : refuse("number");

export const flag: Decoder<boolean> = (value) => (typeof value === "boolean" ? value : refuse("boolean"));

/** ISO 8601 text, or milliseconds since 1970: both become milliseconds. */
export const time: Decoder<number> = (value) => {
  const ms = typeof value === "string" ? Date.parse(value) : value;
  return typeof ms === "number" && Number.isFinite(ms) ? ms : refuse("time");
};

/** Missing and null are the same. */
export function nullable<T>(decode: Decoder<T>): Decoder<T | null> {
  return (value) => (value === null || value === undefined ? null : decode(value));
}

export function listOf<T>(decode: Decoder<T>): Decoder<readonly T[]> {
  return (value) => (Array.isArray(value) ? value.map((item) => decode(item)) : refuse("list"));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function recordOf<T>(decode: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value) =>
    isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item)]))
      : refuse("record");
}

export function oneOf<const T extends string>(...allowed: readonly T[]): Decoder<T> {
  return (value) => allowed.find((item) => item === value) ?? refuse(allowed.join("|"));
}

/** Only the named fields are kept. */
export function fields<T extends object>(shape: { readonly [K in keyof T]: Decoder<T[K]> }): Decoder<T> {
  return (value) => {
    if (!isRecord(value)) return refuse("object");
    const result: Partial<T> = {};
    for (const key in shape) {
      try {
        result[key] = shape[key](value[key]);
      } catch (error) {
        throw new ShapeError(`${key}: ${error instanceof Error ? error.message : "unreadable"}`);
      }
    }
    return result as T;
  };
}

export const nothing: Decoder<null> = () => null;
