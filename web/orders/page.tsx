/** Everything one has ordered. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { listOrders, type Order } from "../calls/orders.ts";
import { moneyText } from "../format/money.ts";
import { ordersText } from "../i18n/ko/orders.ts";
import { language } from "../i18n/language.ts";
import { useLoad, WhenLoaded } from "../page/load.tsx";
import { Moment } from "../page/moment.tsx";
import { mountPage } from "../page/mount.tsx";
import { useTitle } from "../page/now.ts";
import { OrderTitle } from "../page/order-title.tsx";
import { PayLink, StatusBadge } from "./status.tsx";

function OrdersPage(): JSX.Element {
  const t = useStore(ordersText);
  useTitle(t.title);
  const first = useLoad(() => listOrders(null));
  return (
    <div class="narrow wide-narrow">
      <h1>{t.title}</h1>
      <WhenLoaded of={first}>{(page) => <List first={page.items} cursor={page.nextCursor} />}</WhenLoaded>
    </div>
  );
}

interface ListProps {
  readonly first: readonly Order[];
  readonly cursor: string | null;
}

function List({ first, cursor }: ListProps): JSX.Element {
  const t = useStore(ordersText);
  const [items, setItems] = useState(first);
  const [next, setNext] = useState(cursor);
  async function more(): Promise<void> {
    const page = await listOrders(next);
    setItems([...items, ...page.items]);
    setNext(page.nextCursor);
  }
  if (items.length === 0) {
    return (
      <div class="empty">
        <p>{t.empty}</p>
        <a class="button" href="/">
          {t.browse}
        </a>
      </div>
    );
  }
  return (
    <>
      <ul class="orders">
        {items.map((order) => (
          <li key={order.id}>
            <Row order={order} />
          </li>
        ))}
      </ul>
      {next !== null && (
        <p class="more">
          <button
            type="button"
            class="button quiet"
            data-action="more"
            onClick={() => void more().catch(() => undefined)}
          >
            {t.more}
          </button>
        </p>
      )}
    </>
  );
}

function Row({ order }: { readonly order: Order }): JSX.Element {
  const t = useStore(ordersText);
  const chosen = useStore(language);
  const given = new Set(order.cancellations.flatMap(({ seats }) => seats)).size;
  const seats = given < order.seats.length ? order.seats.length - given : order.seats.length;
  return (
    <article class="card order-row" data-order-id={order.id}>
      <div class="order-row-text">
        <StatusBadge order={order} />
        <h2>
          <a href={`/order?id=${encodeURIComponent(order.id)}`}>
            <OrderTitle orderId={order.id} title={order.title} />
          </a>
        </h2>
        <p class="faint">
          <Moment at={order.startsAt} zone={order.timeZone} />
        </p>
        <p class="faint">
          {order.hallName} · {t.seatCount({ n: seats })} · {moneyText(order.amount, order.currency, chosen)}
        </p>
        <p class="faint order-number">
          {t.number} <span class="code">{order.number}</span>
        </p>
      </div>
      <PayLink order={order} />
    </article>
  );
}

void mountPage(OrdersPage, [ordersText]);
