import { type RefObject, useLayoutEffect, useState } from "react";
import { useLocation } from "react-router";
import { focusLead } from "./row-keys";

interface Place {
  top: number;
  lead: string | null; // the one whose row had the focus
}

// Where the user was in a list, by its filter: coming back from a lead continues there.
const places = new Map<string, Place>();

// Remembers the place in this list, goes back to it once the rows are there, and gives the offset at
// which to begin.
export function usePlace(scroller: RefObject<HTMLElement | null>, ready: boolean): number {
  const { search } = useLocation();
  const [start] = useState<Place>(() => places.get(search) ?? { top: 0, lead: null });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!ready || !element) return;
    element.scrollTop = start.top;
    const stopFocus = start.lead ? focusLead(element, start.lead) : undefined;
    const remember = () => {
      const link = document.activeElement?.closest("tr")?.querySelector("a[href]");
      const lead = link?.getAttribute("href")?.split("/").at(-1) ?? null;
      places.set(search, { top: element.scrollTop, lead });
    };
    element.addEventListener("scroll", remember, { passive: true });
    element.addEventListener("focusin", remember);
    return () => {
      stopFocus?.();
      element.removeEventListener("scroll", remember);
      element.removeEventListener("focusin", remember);
    };
  }, [scroller, ready, search, start]);

  return start.top;
}
