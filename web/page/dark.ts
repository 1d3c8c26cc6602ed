/** Whether the reader's screen is dark now: what is painted on a canvas has to be painted again when that changes. */
import { useEffect, useState } from "preact/hooks";

const scheme = matchMedia("(prefers-color-scheme: dark)");

export function useDark(): boolean {
  const [dark, setDark] = useState(scheme.matches);
  useEffect(() => {
    const follow = (): void => setDark(scheme.matches);
    scheme.addEventListener("change", follow);
    return () => scheme.removeEventListener("change", follow);
  }, []);
  return dark;
}
