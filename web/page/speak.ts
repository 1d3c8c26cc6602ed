/** One polite voice for screen readers. Sentences that come too fast are replaced by the newest one. */
const pauseMs = 4000;
let spokeAt = 0;
let next: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

function speakNow(): void {
  const target = document.getElementById("spoken");
  timer = undefined;
  if (next === null || target === null) return;
  target.textContent = next;
  next = null;
  spokeAt = Date.now();
}

export function speak(sentence: string): void {
  next = sentence;
  timer ??= setTimeout(speakNow, Math.max(50, spokeAt + pauseMs - Date.now()));
}
