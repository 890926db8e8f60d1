import { useEffect, useRef, useState } from 'react';
import { type BuildDetail, isFinal } from '../../api/build.ts';
import { canNotify, notifyEnd } from './end-notice.ts';

const IMPOSSIBLE = 'This browser cannot show notifications of a page, as on Android.';

/** The notification of a build's end. */
export interface EndNotice {
  /** Whether the browser can show one: it offers them on secure pages only. */
  possible: boolean;
  on: boolean;
  /** Why a notification could not be shown. */
  problem: string | undefined;
  /** Asks the browser, if it was not asked before, and switches the notification. Returns what to tell the reader. */
  toggle(): Promise<string>;
}

/** Shows a notification of the browser when a build ends, if the reader switched that on while it waited or ran. */
export function useEndNotice(build: BuildDetail): EndNotice {
  const [on, setOn] = useState(false);
  const [failed, setFailed] = useState(false);
  const over = isFinal(build.Status);
  const wasOver = useRef(over);
  useEffect(() => {
    if (over && !wasOver.current && on && !notifyEnd(build)) setFailed(true);
    wasOver.current = over;
  }, [over, on, build]);
  return {
    possible: !over && typeof Notification !== 'undefined',
    on,
    problem: failed ? IMPOSSIBLE : undefined,
    async toggle() {
      if (on) {
        setOn(false);
        return 'The browser stays quiet when this build ends.';
      }
      if (!canNotify()) return IMPOSSIBLE;
      if ((await Notification.requestPermission()) !== 'granted')
        return 'The browser does not allow notifications of this site. Its settings can change that.';
      setOn(true);
      return 'The browser will tell you when this build ends, while this page is open.';
    },
  };
}
