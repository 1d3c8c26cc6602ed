/** The parts of the waiting room's page, which waiting.html brings along so that the first paint needs no script. */
export function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`waiting.html has no #${id}`);
  return found;
}

/** Only what changed is written, so that nothing flickers and nothing is announced twice. */
export function write(id: string, text: string): void {
  const target = part(id);
  if (target.textContent !== text) target.textContent = text;
}

export function show(id: string, visible: boolean): void {
  part(id).hidden = !visible;
}
