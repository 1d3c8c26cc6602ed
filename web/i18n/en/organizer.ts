/** English texts of the organiser's list of performances, and what all of the console's pages say. */
import type { Key } from "../ko/organizer.ts";

const english: Record<Key, string> = {
  title: "Your performances",
  lead: "Make a performance, publish it, and watch its sale.",
  create: "New performance",
  createTitle: "New performance",
  createHint: "A name is enough to begin. The rest comes on the next page, and is saved as you write.",
  name: "Name of the performance",
  nameError: "It must have 1 to 120 characters.",
  begin: "Begin",
  cancel: "Cancel",
  empty: "You have not made a performance yet.",
  more: "Show more",
  draft: "Draft",
  scheduled: "Published",
  gathering: "Gathering",
  sealed: "Sealed",
  open: "On sale",
  paused: "Paused",
  soldout: "Sold out",
  closed: "Ended",
  unpublished: "Draft",
  edited: "Changed {time}",
  opensAt: "On sale from {time}",
  edit: "Edit",
  live: "Live figures",
  page: "Its page",
  notOrganiser: "This account cannot manage performances.",
  missing: "The address does not name a performance.",
  back: "Your performances",
};

export default english;
