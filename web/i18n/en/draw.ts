/** English texts of the page about the order. */
import type { Key } from "../ko/draw.ts";

const english: Record<Key, string> = {
  toShow: "To the show",
  title: "How the order is decided",
  missing: "The address does not name a show.",
  arrival: "First come, first served",
  arrivalText:
    "Once the queue is open, numbers are given in the order in which the server takes people in, and your " +
    "number is your place. There is no draw.",
  arrivalSame: "Reloading or opening more tabs neither changes your number nor gives you another.",
  arrivalNothing: "Without a draw there is nothing to compute again.",
  draw: "By a draw",
  drawText: "Everybody who joins before sales open takes part in a draw. Joining earlier gives no advantage.",
  way1: "A promise",
  way1Text:
    "Before anybody can join, the server makes a secret and publishes its fingerprint (SHA-256): the " +
    "commitment. A secret changed later would no longer fit.",
  way2: "A sealed list",
  way2Text:
    "Before the draw the list is sealed; its length and fingerprint are published. It holds no names, only " +
    "pseudonyms made for this show. Whoever comes later stands behind the list, in the order of coming.",
  way3: "Public randomness",
  way3Text:
    "The draw waits for a round of a public randomness beacon (drand), named beforehand. Many organisations " +
    "make it together: nobody can know or choose it in advance. If it stays away beyond the published time, " +
    "the draw goes on without it and this page says so.",
  way3None: "This show uses no public randomness; zeros take its place.",
  way4: "The seed",
  way4Text: "The SHA-256 of the secret, the randomness, the list's fingerprint and its length is the seed.",
  way5: "The shuffle",
  way5Text:
    "The seed shuffles the list like a deck of cards. The same seed gives everybody the same order. The place " +
    "of somebody who left is skipped.",
  facts: "Public facts",
  before: "Published before joining",
  sealing: "Published when the list was sealed",
  after: "Published after the draw",
  toSeal: "The list is not sealed yet.",
  toDraw: "The draw has not taken place yet.",
  commitment: "Commitment",
  round: "Beacon round",
  roundDue: "{round}, due {time}",
  noRound: "None",
  until: "Waits until",
  n: "People",
  people: "{n}",
  root: "List fingerprint",
  sealedAt: "Sealed at",
  secret: "Secret",
  signature: "Round signature",
  noSignature: "None (zeros were used)",
  randomness: "Randomness",
  seed: "Seed",
  drawnAt: "Drawn at",
  whole: "Show all",
  chain: "Beacon",
  limits: "What this does not prove",
  limitCodes:
    "Each pre-sale code has one entry at most; that the codes went to different people, only the organiser knows.",
  limitVerifier:
    "Each person who was verified has one entry at most; that they were verified rightly, the organiser's service has to be trusted with.",
  limitPeople: "That the pseudonyms belong to different people: one person may have used several accounts.",
  limitBeacon:
    "Without public randomness, the operator, who knows the secret, could have arranged the list and so " +
    "influenced the order.",
  limitEarly:
    "That the commitment was there before joining began: only those who saw it then know. Note it down before " +
    "joining and compare later.",
  limitCode:
    "This page's code comes from the operator too. If in doubt, do the same computation with the script in " +
    "the public sources.",
  check: "Compute it again",
  checkText:
    "Downloads the sealed list and computes everything again in this browser. The server's own results are not used.",
  checkSoon: "As soon as the list is sealed, you can check it here.",
  run: "Check it yourself",
  running: "Computing…",
  refresh: "Load again",
  secretStep: "The secret has the fingerprint that was promised",
  beaconStep: "The randomness is the genuine value of the named round",
  timingStep: "The list was sealed before the randomness was public",
  listStep: "The list is as long as published",
  distinctStep: "No pseudonym is in the list twice",
  rootStep: "The list has the published fingerprint",
  seedStep: "The seed follows from these values",
  orderStep: "All places were computed again from the seed",
  receiptStep: "Your receipt is genuine and in the list",
  fits: "fits",
  differs: "does not fit",
  careful: "take care",
  open: "not checked",
  broken: "could not be checked",
  busy: "checking",
  downloading: "Downloading the list",
  noBeacon: "No public randomness: the operator, who knows the secret, could have influenced the order.",
  lateBeacon:
    "The randomness did not arrive in time and the draw went on without it: the operator could have " +
    "influenced the order.",
  unknownChain: "The signature fits, but this is not the well-known beacon (drand quicknet). Find out who runs it.",
  earlyRound: "The randomness was already public when the list was sealed: the list could have been chosen to suit it.",
  notDrawn: "Can be checked after the draw.",
  needsOther: "Not checked, because an earlier step did not succeed.",
  noReceipt: "This browser has no receipt for this show.",
  badReceipt: "The receipt's signature does not fit.",
  otherShow: "The receipt is for another show.",
  otherEntry: "The list has another pseudonym at this number.",
  unreachable: "The download failed. Please try again in a moment.",
  verdictFits: "Everything fits: the public facts alone give the same order.",
  verdictCareful: "Every computation fits, but read what is marked for care.",
  verdictDiffers: "Something does not fit. Keep this page and tell the organiser.",
  verdictBroken: "The check could not be finished. Please try again.",
  verdictOpen: "Everything that can be checked now fits. The rest follows after the draw.",
  own: "Your place",
  ownPlace: "Number {number} → place {place}",
  ownLate: "You joined after the list was sealed and stand in the order of coming.",
  ownToDraw: "Number {number} → not drawn yet",
  ownAt: "Joined {time}",
  ownReceipt: "Receipt",
};

export default english;
