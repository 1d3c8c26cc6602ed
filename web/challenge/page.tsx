/** Before the waiting room, where joining asks for a person: the challenge, and then on to where one was going. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { goToLogin } from "../account.ts";
import { proveForJoining } from "../calls/challenge.ts";
import { challengeText } from "../i18n/ko/challenge.ts";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { isStranger, sentenceOf } from "../page/sentence.ts";
import { speak } from "../page/speak.ts";
import { safeNext } from "../sign-in/next.ts";
import { useChallenge } from "./use-challenge.ts";
import { Challenge } from "./widget.tsx";

const next = safeNext(new URLSearchParams(location.search).get("next"), location.origin);

function ChallengePage(): JSX.Element {
  const t = useStore(challengeText);
  const challenge = useChallenge("join", true);
  const [message, setMessage] = useState("");
  useTitle(t.title);

  useEffect(() => {
    if (challenge.facts !== null && !challenge.needed) location.replace(next);
  }, [challenge.facts]);

  useEffect(() => {
    if (challenge.token !== null) void prove(challenge.token);
  }, [challenge.token]);

  async function prove(token: string): Promise<void> {
    try {
      await proveForJoining(token);
      location.replace(next);
    } catch (error) {
      // A sign-in that has run out is renewed by the page for it, which leads back here.
      if (isStranger(error)) return goToLogin();
      const sentence = sentenceOf(error);
      setMessage(sentence);
      speak(sentence);
      challenge.again();
    }
  }

  return (
    <section class="card sign-in">
      <h1>{t.title}</h1>
      {message !== "" && <p class="alert">{message}</p>}
      {challenge.facts !== null && challenge.needed && (
        <Challenge action="join" facts={challenge.facts} tries={challenge.tries} onToken={challenge.setToken} />
      )}
    </section>
  );
}

void mountPage(ChallengePage, [challengeText]);
