/** A poster: the organiser's where it lies on our own host, otherwise one drawn from the performance's id. */
import type { JSX } from "preact";

const palettes: readonly (readonly [ground: string, middle: string, light: string])[] = [
  ["#2b2f77", "#4a56d8", "#f4b860"],
  ["#123f4a", "#1f7a7a", "#f2d7a1"],
  ["#4a1d3f", "#a23b72", "#f6c28b"],
  ["#1f3b2c", "#3f8f5f", "#f0e2a8"],
  ["#3b2a1e", "#b4632d", "#f7dfb4"],
  ["#22324f", "#3f73b8", "#f3a6a0"],
];

function hash(text: string): number {
  let value = 2166136261;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 16777619);
  return value >>> 0;
}

function ownHost(url: string): boolean {
  return new URL(url, location.href).origin === location.origin;
}

export function Poster({ id, url }: { readonly id: string; readonly url: string | null }): JSX.Element {
  if (url !== null && URL.canParse(url, location.href) && ownHost(url)) {
    return <img class="poster" src={url} alt="" loading="lazy" width="320" height="200" />;
  }
  const seed = hash(id);
  const [ground, middle, light] = palettes[seed % palettes.length] ?? ["#2b2f77", "#4a56d8", "#f4b860"];
  const x = 60 + ((seed >>> 3) % 200);
  const lift = 20 + ((seed >>> 11) % 40);
  const radii = [150, 118, 88, 60];
  return (
    <svg class="poster" viewBox="0 0 320 200" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <rect width="320" height="200" fill={ground} />
      <circle cx={320 - x} cy={lift} r="22" fill={light} />
      {radii.map((radius, ring) => (
        <circle key={radius} cx={x} cy={200 + lift / 2} r={radius} fill={middle} fill-opacity={0.22 + ring * 0.16} />
      ))}
    </svg>
  );
}
