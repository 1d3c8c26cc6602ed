/** The camera as a reader of QR codes: the browser's own detector where there is one, otherwise one in script. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { doorText } from "../i18n/ko/door.ts";

type Detect = (video: HTMLVideoElement) => Promise<string | null>;
interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { readonly formats: readonly string[] }) => Detector;

const EVERY_MS = 120;
/** Wide enough for a dense code, small enough for a slow phone. */
const SIDE_MAX = 720;
/** Browsers give 640 × 480 to who does not ask: too coarse for a code at arm's length. */
const VIEW = { facingMode: "environment", width: { ideal: 1_280 }, height: { ideal: 720 } };

/** The reader in script, where the browser has none: fetched while there is a connection, and once. */
let script: Promise<typeof import("jsqr")> | null = null;

function native(): DetectorClass | undefined {
  return (globalThis as { readonly BarcodeDetector?: DetectorClass }).BarcodeDetector;
}

/** So that a camera that is first switched on without a connection can read. A failure is tried again with the camera. */
export function prepareCamera(): void {
  if (native() === undefined) scriptReader().catch(() => undefined);
}

function scriptReader(): Promise<typeof import("jsqr")> {
  script ??= import("jsqr").catch((error: unknown) => {
    script = null;
    throw error;
  });
  return script;
}

async function detector(): Promise<Detect> {
  const Native = native();
  if (Native !== undefined) {
    const own = new Native({ formats: ["qr_code"] });
    return async (video) => (await own.detect(video))[0]?.rawValue ?? null;
  }
  const { default: read } = await scriptReader();
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    // The square in the middle is what the page shows of the picture.
    const square = Math.min(video.videoWidth, video.videoHeight);
    const side = Math.min(square, SIDE_MAX);
    if (context === null || side === 0) return Promise.resolve(null);
    const [left, top] = [(video.videoWidth - square) / 2, (video.videoHeight - square) / 2];
    canvas.width = side;
    canvas.height = side;
    context.drawImage(video, left, top, square, square, 0, 0, side, side);
    const { data } = context.getImageData(0, 0, side, side);
    return Promise.resolve(read(data, side, side, { inversionAttempts: "dontInvert" })?.data ?? null);
  };
}

export function Camera({ onRead }: { readonly onRead: (text: string) => void }): JSX.Element {
  const t = useStore(doorText);
  const video = useRef<HTMLVideoElement>(null);
  const [failed, setFailed] = useState(false);
  const heard = useRef(onRead);
  heard.current = onRead;
  useEffect(() => {
    let stream: MediaStream | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    const stop = (): void => {
      ended = true;
      clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    const start = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia({ video: VIEW, audio: false });
      const screen = video.current;
      if (ended || screen === null) return stop();
      screen.srcObject = stream;
      await screen.play();
      const detect = await detector();
      const look = async (): Promise<void> => {
        const text = await detect(screen).catch(() => null);
        if (ended) return;
        if (text !== null) heard.current(text);
        timer = setTimeout(() => void look(), EVERY_MS);
      };
      await look();
    };
    start().catch(() => {
      stop();
      setFailed(true);
    });
    return stop;
  }, []);
  if (failed) return <p class="note">{t.noCamera}</p>;
  return <video ref={video} class="door-camera" playsInline muted aria-label={t.camera} />;
}
