/** What surrounds every page: brand, menu, account, language, the voice for screen readers. */
import { useStore } from "@nanostores/preact";
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { memberHint } from "../member-hint.ts";
import { logOut } from "../calls/members.ts";
import { timeOfDay } from "../format/time-of-day.ts";
import { frameText } from "../i18n/ko/frame.ts";
import { chooseLanguage, language } from "../i18n/language.ts";
import { useNow } from "./now.ts";

export function Frame({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const t = useStore(frameText);
  return (
    <>
      <a class="skip" href="#main">
        {t.skip}
      </a>
      <header class="bar">
        <div class="bar-inner">
          <a class="brand" href="/" aria-label={t.brand}>
            <img src="/favicon.svg" alt="" width="26" height="26" />
            <span class="brand-name">TicketPing</span>
          </a>
          <Menu />
        </div>
      </header>
      <main id="main" tabindex={-1}>
        <h1 class="unseen page-name">TicketPing</h1>
        {children}
      </main>
      <footer class="foot">
        <p>{t.promise}</p>
        <ServerTime />
      </footer>
      <div id="spoken" class="unseen" role="status" aria-live="polite" />
    </>
  );
}

/** Signing in from the header leads back to the page one was on. */
function loginPath(): string {
  const here = location.pathname + location.search;
  return /^\/(login|signup)?$/.test(location.pathname) ? "/login" : `/login?next=${encodeURIComponent(here)}`;
}

function Menu(): JSX.Element {
  const t = useStore(frameText);
  const chosen = useStore(language);
  const [member, setMember] = useState(memberHint);
  const other = chosen === "ko" ? "en" : "ko";
  async function leave(): Promise<void> {
    await logOut().catch(() => undefined);
    setMember(null);
    location.assign("/");
  }
  return (
    <nav class="menu" aria-label={t.menu}>
      {member === null ? (
        <a href={loginPath()}>{t.login}</a>
      ) : (
        <>
          {member.role !== "member" && (
            <a href="/organizer" data-action="organizer">
              {t.organizer}
            </a>
          )}
          <a href="/orders">{t.orders}</a>
          <a class="nickname" href="/account" aria-label={`${t.account}: ${member.nickname}`}>
            {member.nickname}
          </a>
          <button type="button" class="plain" data-action="logout" onClick={() => void leave()}>
            {t.logout}
          </button>
        </>
      )}
      <button
        type="button"
        class="plain language"
        lang={other}
        data-action="language"
        onClick={() => chooseLanguage(other)}
      >
        {other === "en" ? "English" : "한국어"}
      </button>
    </nav>
  );
}

function ServerTime(): JSX.Element {
  const t = useStore(frameText);
  const chosen = useStore(language);
  return (
    <p class="server-time">
      {t.serverTime} <time>{timeOfDay(useNow(), chosen)}</time>
    </p>
  );
}
