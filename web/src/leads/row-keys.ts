import { useHotkeys } from "@mantine/hooks";
import { type RefObject, useRef } from "react";

const framesMax = 20;

// Focuses what `selector` names as soon as it is there: rows are rendered only when they come into
// view. Gives a function that stops waiting.
function focusWhenThere(root: HTMLElement, selector: string, then?: () => void): () => void {
  let frames = 0;
  let handle = requestAnimationFrame(function look() {
    const found = root.querySelector<HTMLElement>(selector);
    // The first frame may still show the rows of the place before.
    if (found && frames > 0) {
      found.focus({ preventScroll: true });
      then?.();
    } else if (++frames < framesMax) {
      handle = requestAnimationFrame(look);
    } else {
      then?.();
    }
  });
  return () => cancelAnimationFrame(handle);
}

export const focusLead = (root: HTMLElement, id: string) =>
  focusWhenThere(root, `a[href="/leads/${CSS.escape(id)}"]`);

// `j` and `k` (or the arrows) move the focus from row to row; Enter opens, since it is a link.
export function useRowKeys(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  show: (index: number) => void,
) {
  const going = useRef<{ to: number; stop: () => void } | null>(null);
  const move = (step: number) => {
    if (count === 0 || !scroller.current) return;
    going.current?.stop();
    const from = going.current?.to ?? focusedRow();
    const to = from === null ? 0 : Math.min(Math.max(from + step, 0), count - 1);
    show(to);
    const stop = focusWhenThere(scroller.current, `tr[data-index="${to}"] a`, () => {
      going.current = null;
    });
    going.current = { to, stop };
  };
  useHotkeys([
    ["j", () => move(1)],
    ["k", () => move(-1)],
    ["ArrowDown", () => move(1)],
    ["ArrowUp", () => move(-1)],
  ]);
}

function focusedRow(): number | null {
  const index = document.activeElement?.closest("tr[data-index]")?.getAttribute("data-index");
  return index ? Number(index) : null;
}
