/**
 * Calls somebody who is looking elsewhere: three tones, and a notification where the browser permits one. Loaded by those
 * who ask for it; a press is needed anyway, because browsers permit sound and questions only after one.
 */
const TONES_HZ = [660, 880, 1_100];
const TONE_SECONDS = 0.22;
const LOUDNESS = 0.25;

export class Bell {
  readonly #audio = new AudioContext();

  /** Asks for permission to notify, and lets the tones be heard once, so that everybody knows what to listen for. */
  async arm(): Promise<void> {
    await this.#sound();
    if ("Notification" in globalThis && Notification.permission === "default") await Notification.requestPermission();
  }

  async ring(title: string, text: string): Promise<void> {
    this.#notify(title, text);
    await this.#sound();
  }

  async silence(): Promise<void> {
    await this.#audio.close();
  }

  #notify(title: string, text: string): void {
    if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
    try {
      const shown = new Notification(title, { body: text, icon: "/turn.svg", tag: location.search });
      shown.onclick = () => {
        window.focus();
        shown.close();
      };
    } catch {
      // Some phones show notifications of installed apps only: the tones remain.
    }
  }

  async #sound(): Promise<void> {
    await this.#audio.resume();
    TONES_HZ.forEach((frequency, index) => {
      const from = this.#audio.currentTime + index * TONE_SECONDS;
      const tone = new OscillatorNode(this.#audio, { frequency });
      const volume = new GainNode(this.#audio, { gain: 0 });
      // Without a ramp every tone would begin and end with a click.
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(LOUDNESS, from + 0.02);
      volume.gain.linearRampToValueAtTime(0, from + TONE_SECONDS);
      tone.connect(volume).connect(this.#audio.destination);
      tone.start(from);
      tone.stop(from + TONE_SECONDS);
    });
  }
}
