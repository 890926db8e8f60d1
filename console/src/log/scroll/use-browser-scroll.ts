import { type RefObject, useCallback, useLayoutEffect, useRef } from 'react';
import { contentHeightPx, scrollPxFor, type View } from './scroll-scale.ts';

/** What is shown, to which the browser's scroll position is set. */
interface Shown {
  view: View;
  topRow: number;
  wrapped: boolean;
}

/**
 * Sets the browser's scroll position to what is shown, after each render. Returns the handler of `scroll` events, which
 * calls `scrolledTo`, a function that never changes, when the user scrolled.
 */
export function useBrowserScroll(
  scroller: RefObject<HTMLElement | null>,
  { view, topRow, wrapped }: Shown,
  scrolledTo: (scrollPx: number) => void,
): () => void {
  const writtenPx = useRef(0);
  const writtenContentPx = useRef(0);
  const writing = useRef(0);

  useLayoutEffect(() => {
    const wantedPx = scrollPxFor(topRow, view);
    const contentPx = contentHeightPx(view);
    const write = () => {
      const element = scroller.current;
      if (!element) return;
      if (Math.abs(element.scrollTop - wantedPx) > 1) element.scrollTop = wantedPx;
      writtenPx.current = element.scrollTop;
    };
    cancelAnimationFrame(writing.current);
    const shrunk = contentPx < writtenContentPx.current;
    writtenContentPx.current = contentPx;
    // Rows of equal height are already in the right place, so this can wait for the frame, which does the layout it
    // needs. If the content became shorter, write at once: the browser scrolls up by itself, and that is no user's doing.
    if (wrapped || shrunk) write();
    else writing.current = requestAnimationFrame(write);
  });

  return useCallback(() => {
    const scrollPx = scroller.current?.scrollTop ?? 0;
    if (Math.abs(scrollPx - writtenPx.current) <= 1) return;
    cancelAnimationFrame(writing.current);
    writtenPx.current = scrollPx;
    scrolledTo(scrollPx);
  }, [scroller, scrolledTo]);
}
