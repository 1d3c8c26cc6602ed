/** What an order is for, in the reader's language: it keeps one title, and the catalogue may know an English one. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { titleIn } from "../format/title.ts";
import { language } from "../i18n/language.ts";
import { type Show, showOf } from "../waiting/show.ts";

interface Props {
  readonly orderId: string;
  /** As it was when the order was placed. */
  readonly title: string;
}

/** Asked for once a page and show, however many of its orders are listed. */
const asked = new Map<string, Promise<Show | null>>();

/** An order's id begins with its performance's (docs/decisions/0004). */
function performanceOf(orderId: string): string {
  return orderId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

function shownOnce(id: string): Promise<Show | null> {
  const known = asked.get(id) ?? showOf(id);
  asked.set(id, known);
  return known;
}

/** The order's own title until an English one is known, and where there is none. */
export function OrderTitle({ orderId, title }: Props): JSX.Element {
  const chosen = useStore(language);
  const [show, setShow] = useState<Show | null>(null);
  useEffect(() => {
    if (chosen !== "en") return;
    let current = true;
    void shownOnce(performanceOf(orderId)).then((found) => current && setShow(found));
    return () => {
      current = false;
    };
  }, [chosen, orderId]);
  return <>{show?.titleEn === undefined ? title : titleIn({ title, titleEn: show.titleEn }, chosen)}</>;
}
