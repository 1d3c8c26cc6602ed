/** What stands in the way of leaving, as sentences. What is unknown is passed over. */
interface Words {
  readonly blockedTickets: (values: { n: number }) => string;
  readonly blockedOrders: (values: { n: number }) => string;
  readonly blockedRefunds: (values: { n: number }) => string;
  readonly blockedOrganisations: (values: { n: number }) => string;
}

export function obstaclesOf(evidence: Readonly<Record<string, unknown>>, words: Words): readonly string[] {
  const kinds = [
    ["tickets", words.blockedTickets],
    ["openOrders", words.blockedOrders],
    ["refunds", words.blockedRefunds],
    ["organisations", words.blockedOrganisations],
  ] as const;
  return kinds.flatMap(([name, sentence]) => {
    const n = evidence[name];
    return typeof n === "number" && n > 0 ? [sentence({ n })] : [];
  });
}
