/** English texts of the catalogue. */
import type { Key } from "../ko/catalogue.ts";

const english: Record<Key, string> = {
  title: "Shows",
  lead: "Opening times follow the server's clock.",
  empty: "There are no shows right now.",
  search: "Name of a show or a hall",
  find: "Search",
  nothingFound: "No show matches “{words}”.",
  more: "Show more",
  free: "free",
  from: "From {price}",
  opensIn: "Opens in",
  gathersIn: "Queue opens in",
  closesIn: "Closes in",
  soon: "Coming soon",
  gathering: "Queue open",
  open: "On sale",
  paused: "Paused",
  soldout: "Sold out",
  closed: "Sales ended",
  opensAt: "On sale from",
  datesToCome: "Dates to be announced",
};

export default english;
