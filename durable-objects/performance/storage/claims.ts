/** The table of identities that were shown: pairs of identity and entry, packed, so that a million are 4,000 rows. */
import { PAIR_BYTES, type Identities } from "../admission/identities.ts";
import { bytes, run, type Sql } from "./sql.ts";

/** Pairs per row: 8 KB, rewritten while it is the tail, never again once full. */
const ROW_PAIRS = 256;

/** Writes the rows from pair number `from` on. */
export function saveClaims(sql: Sql, identities: Identities, from: number): void {
  for (let row = Math.floor(from / ROW_PAIRS); row * ROW_PAIRS < identities.size; row++) {
    const pairs = identities.pairs(row * ROW_PAIRS, Math.min((row + 1) * ROW_PAIRS, identities.size));
    run(sql, "INSERT OR REPLACE INTO claims (number, pairs) VALUES (?, ?)", row, pairs);
  }
}

export function loadClaims(sql: Sql, identities: Identities): void {
  for (const row of sql.exec("SELECT pairs FROM claims ORDER BY number")) {
    const pairs = bytes(row, "pairs");
    for (let at = 0; at < pairs.length; at += PAIR_BYTES) {
      const middle = at + PAIR_BYTES / 2;
      identities.add(pairs.subarray(at, middle), pairs.subarray(middle, at + PAIR_BYTES));
    }
  }
}
