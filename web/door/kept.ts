/** What a door keeps in its browser: the list, the keys it was signed with, and scans nobody has been told of yet. */
import type { Scan } from "../calls/door.ts";
import type { SigningKey } from "../calls/draw.ts";

export interface Kept {
  readonly list: string | null;
  readonly keys: readonly SigningKey[];
  /** Decided here, and not merged. */
  readonly scans: readonly (Scan & { readonly ticketId: string | null })[];
}

export const nothingKept: Kept = { list: null, keys: [], scans: [] };
const STORE = "doors";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("ticketping-door", 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("no store"));
  });
}

async function within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error("not kept"));
    });
  } finally {
    database.close();
  }
}

/** A browser that keeps nothing (a private window) starts with nothing. */
export async function readKept(scheduleId: string): Promise<Kept> {
  try {
    const found: unknown = await within("readonly", (store) => store.get(scheduleId) as IDBRequest<unknown>);
    return found === undefined ? nothingKept : { ...nothingKept, ...(found as Kept) };
  } catch {
    return nothingKept;
  }
}

/** @throws when it could not be kept: whoever let somebody in must know. */
export async function keep(scheduleId: string, kept: Kept): Promise<void> {
  await within("readwrite", (store) => store.put(kept, scheduleId));
}
