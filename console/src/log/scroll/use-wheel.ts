import { type RefObject, useEffect } from 'react';
import { ROW_PX } from './row-heights.ts';

/** What a wheel or a finger does to a log. None of the functions may change between renders. */
interface WheelActions {
  /** The user moves up or takes the log in hand: it no longer follows its end. */
  stopFollowing(): void;
  /** Whether the browser may scroll: one pixel of scrolling is one pixel of the log. */
  browserScrolls(): boolean;
  moveByPx(px: number): void;
}

/** Scrolls by wheel where the browser would scroll too far, and stops following when the user scrolls. */
export function useWheel(scroller: RefObject<HTMLElement | null>, actions: WheelActions): void {
  const { stopFollowing, browserScrolls, moveByPx } = actions;
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.deltaY === 0) return;
      if (event.deltaY < 0) stopFollowing();
      if (browserScrolls()) return;
      // Here one pixel of scrolling would be many lines, or part of a line that may fill the view.
      event.preventDefault();
      moveByPx(event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * ROW_PX : event.deltaY);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('touchmove', stopFollowing, { passive: true });
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('touchmove', stopFollowing);
    };
  }, [scroller, stopFollowing, browserScrolls, moveByPx]);
}
