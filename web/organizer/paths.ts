/** Addresses of the console's pages. */
const named = (page: string, id: string): string => `/organizer/${page}?id=${encodeURIComponent(id)}`;

export const editPath = (id: string): string => named("edit", id);
export const livePath = (id: string): string => named("sale", id);
export const rehearsalPath = (id: string): string => named("rehearsal", id);
export const publicPath = (id: string): string => `/performance?id=${encodeURIComponent(id)}`;
