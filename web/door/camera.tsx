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

async function detector(): Promise<Detect> {
  const Native = (globalThis as { readonly BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (Native !== undefined) {
    const own = new Native({ formats: ["qr_code"] });
    return async (video) => (await own.detect(video))[0]?.rawValue ?? null;
  }
  const { default: read } = await import("jsqr");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    const scale = Math.min(1, SIDE_MAX / Math.max(video.videoWidth, video.videoHeight, 1));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    if (context === null || canvas.width === 0) return Promise.resolve(null);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return Promise.resolve(read(data, width, height, { inversionAttempts: "dontInvert" })?.data ?? null);
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
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
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
