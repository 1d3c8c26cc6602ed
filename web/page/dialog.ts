/** The browser's own dialog, which keeps focus and Escape right, open or not as the page says. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface DialogProps {
  readonly ref: RefObject<HTMLDialogElement | null>;
  readonly onCancel: (event: Event) => void;
  readonly onClose: () => void;
}

/**
 * For a `<dialog>`. The browser tells of a close only with the next frame, and whoever has opened it again until then would see
 * it go: so it opens before that frame, Escape leaves by the page's own way, and word of a close that is past is not heard.
 * @param leave - Somebody has left it, by whatever way.
 */
export function useDialog(open: boolean, leave: () => void): DialogProps {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (open) ref.current?.showModal();
    else ref.current?.close();
  }, [open]);
  return {
    ref,
    onCancel: (event) => {
      event.preventDefault();
      leave();
    },
    onClose: () => {
      if (ref.current?.open !== true) leave();
    },
  };
}
