import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { LogPage } from '../api/build.ts';
import { getNative, queryOf } from '../api/native-api.ts';
import { followLog } from './follow-log.ts';
import { LogStore } from './log-store.ts';

/**
 * The log of a build: its current lines and, while `growing`, new ones. `ended` is called when the stream reports the
 * end.
 */
export function useLog(id: string, growing: boolean, ended: () => void): { store: LogStore; failure: unknown } {
  const [failure, setFailure] = useState<unknown>();
  const store = useMemo(
    () =>
      new LogStore({
        page: (offset, limit, signal) => getNative<LogPage>(`/builds/${id}/log${queryOf({ offset, limit })}`, signal),
      }),
    [id],
  );
  useEffect(() => {
    const abort = new AbortController();
    store.open();
    const read = async () => {
      const page = await getNative<LogPage>(`/builds/${id}/log${queryOf({ limit: 200 })}`, abort.signal);
      store.append(page.Lines);
      store.grow(page.TotalCount);
      if (!growing) return;
      await followLog(id, store, abort.signal);
      if (!abort.signal.aborted) ended();
    };
    setFailure(undefined);
    read().catch((error: unknown) => {
      if (!abort.signal.aborted) setFailure(error);
    });
    return () => {
      abort.abort();
      store.close();
    };
  }, [id, store, growing, ended]);
  useSyncExternalStore(store.subscribe, store.version);
  return { store, failure: failure ?? store.failure };
}
