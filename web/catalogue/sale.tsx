/** The badge and the countdown of a sale; both follow the server's clock. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { catalogueText } from "../i18n/ko/catalogue.ts";
import { Countdown } from "../page/countdown.tsx";
import { useNow } from "../page/now.ts";
import { nextMoment, type SaleTimes, salePhase } from "./phase.ts";

export function SaleBadge({ times }: { readonly times: SaleTimes }): JSX.Element {
  const t = useStore(catalogueText);
  const phase = salePhase(times, useNow());
  const words = {
    soon: t.soon,
    gathering: t.gathering,
    open: t.open,
    paused: t.paused,
    soldout: t.soldout,
    closed: t.closed,
  };
  return (
    <span class={`badge badge-${phase}`} data-phase={phase}>
      {words[phase]}
    </span>
  );
}

export function SaleCountdown({ times }: { readonly times: SaleTimes }): JSX.Element | null {
  const t = useStore(catalogueText);
  const now = useNow();
  const next = nextMoment(times, now);
  // One that was closed early has nothing to come, whatever was announced.
  if (next === null || salePhase(times, now) === "closed") return null;
  const label = next === times.closeAt ? t.closesIn : next === times.openAt ? t.opensIn : t.gathersIn;
  return <Countdown to={next} label={label} />;
}
