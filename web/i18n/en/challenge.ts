/** English texts of the challenge that tells people from programs. */
import type { Key } from "../ko/challenge.ts";

const english: Record<Key, string> = {
  title: "One moment, please",
  why: "We check that a person is asking, and not a program.",
  failed: "The check did not work.",
  again: "Try again",
};

export default english;
