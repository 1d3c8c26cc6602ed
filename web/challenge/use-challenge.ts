/** What a form knows of its challenge: whether there is one, and the token once it is solved. */
import { useEffect, useState } from "preact/hooks";
import { challengeFacts, type ChallengeFacts } from "../calls/challenge.ts";

export interface ChallengeState {
  readonly facts: ChallengeFacts | null;
  readonly needed: boolean;
  readonly token: string | null;
  readonly setToken: (token: string | null) => void;
  /** A token is good once: after a refusal the challenge is shown anew. */
  readonly again: () => void;
  readonly tries: number;
}

export function useChallenge(occasion: "signup" | "join", wanted: boolean): ChallengeState {
  const [facts, setFacts] = useState<ChallengeFacts | null>(null);
  const [token, setToken] = useState<string | null>(null);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    if (!wanted) return;
    // Without an answer the form goes on: the server says what is missing.
    challengeFacts().then(setFacts, () => undefined);
  }, [wanted]);

  function again(): void {
    setToken(null);
    setTries((count) => count + 1);
  }
  return { facts, needed: facts?.[occasion] === true, token, setToken, again, tries };
}
