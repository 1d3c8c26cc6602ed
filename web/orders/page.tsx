/** Everything one has ordered. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { listOrders, type Order } from "../calls/orders.ts";
import type { Page } from "../calls/performances.ts";
import { moneyText } from "../format/money.ts";
import { ordersText } from "../i18n/ko/orders.ts";
import { language } from "../i18n/language.ts";
import { useLoad, WhenLoaded } from "../page/load.tsx";
import { More, usePages } from "../page/more.tsx";
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
      <WhenLoaded of={first}>{(page) => <List first={page} />}</WhenLoaded>
    </div>
  );
}

function List({ first }: { readonly first: Page<Order> }): JSX.Element {
  const t = useStore(ordersText);
  const list = usePages(first, listOrders);
  const { items } = list;
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
      <More of={list} label={t.more} />
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
