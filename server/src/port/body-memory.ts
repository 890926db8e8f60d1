import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/*
 * Node copies each piece of a body that arrives into new memory outside of the heap. V8 counts this memory, and when it has grown
 * by 32 MB, V8 collects the whole heap: 30 times during a push of 1 GiB, each for up to 40 ms in which nobody is answered.
 * But a piece is needed only until it was passed on. A collection of young objects alone takes about a millisecond and frees
 * nearly all of them, so it comes first (docs/benchmarks.md).
 */

const COLLECT_BYTES = 8 * 2 ** 20;

let arrivedBytes = 0;
let collect: (() => void) | undefined;

/** Notes bytes of any body that arrived. From time to time frees those that were passed on. */
export function noteArrived(bytes: number): void {
  arrivedBytes += bytes;
  if (arrivedBytes < COLLECT_BYTES) return;
  arrivedBytes = 0;
  collect ??= youngCollection();
  collect();
}

/** V8 offers collections only to new contexts, and only with this flag. No other code gets a context while it is set. */
function youngCollection(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as NodeJS.GCFunction;
  setFlagsFromString('--no-expose-gc');
  return () => gc({ type: 'minor', execution: 'sync' });
}
