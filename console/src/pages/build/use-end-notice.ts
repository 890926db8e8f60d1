import { useEffect, useRef, useState } from 'react';
import { type BuildDetail, isFinal } from '../../api/build.ts';
import { tabState } from './build-state.ts';

/** The notification of a build's end. */
export interface EndNotice {
  /** Whether the browser can show one: it offers them on secure pages only. */
  possible: boolean;
  on: boolean;
  /** Asks the browser, if it was not asked before, and switches the notification. Returns what to tell the reader. */
  toggle(): Promise<string>;
}

/** Shows a notification of the browser when a build ends, if the reader switched that on while it waited or ran. */
export function useEndNotice(build: BuildDetail): EndNotice {
  const [on, setOn] = useState(false);
  const over = isFinal(build.Status);
  const wasOver = useRef(over);
  useEffect(() => {
    if (over && !wasOver.current && on) show(build);
    wasOver.current = over;
  }, [over, on, build]);
  return {
    possible: !over && typeof Notification !== 'undefined',
    on,
    async toggle() {
      if (on) {
        setOn(false);
        return 'The browser stays quiet when this build ends.';
      }
      if ((await Notification.requestPermission()) !== 'granted')
        return 'The browser does not allow notifications of this site. Its settings can change that.';
      setOn(true);
      return 'The browser will tell you when this build ends.';
    },
  };
}

function show({
  BuildRecordId: id,
  Repository: repository,
  ImageTag: tag,
  Status: status,
  Failure: failure,
}: BuildDetail) {
  const { word, icon } = tabState(status);
  const notification = new Notification(`${repository}:${tag} ${word}`, {
    body: status === 'FAILED' ? (failure?.Message ?? '') : '',
    icon: `/console/${icon}`,
    tag: id,
  });
  notification.onclick = () => {
    window.focus();
    notification.close();
  };
}
