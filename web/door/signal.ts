/** What a door sounds and feels like: one high tone and a short buzz for yes, two low ones and a long buzz for no. */
let audio: AudioContext | null = null;

export function signal(good: boolean): void {
  try {
    navigator.vibrate?.(good ? 80 : [200, 80, 200]);
    audio ??= new AudioContext();
    tone(audio, good ? 1_046 : 196, 0, 0.18);
    if (!good) tone(audio, 196, 0.26, 0.24);
  } catch {
    // Colour and words remain.
  }
}

function tone(context: AudioContext, frequency: number, after: number, seconds: number): void {
  const from = context.currentTime + after;
  const oscillator = context.createOscillator();
  const volume = context.createGain();
  oscillator.frequency.value = frequency;
  volume.gain.setValueAtTime(0.25, from);
  volume.gain.exponentialRampToValueAtTime(0.001, from + seconds);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(from);
  oscillator.stop(from + seconds);
}
