import { useNow } from '../ui/clock.ts';
import { formatDuration } from '../ui/durations.ts';
import type { Heading } from './headings.ts';
import { STATE_WORDS } from './stages.ts';

const TICK_MS = 1000;

/** How a stage or step went, and how long it took, at the right end of the line that begins it. */
export function HeadingNote({ heading }: { heading: Heading }) {
  const { startMs, endMs, state } = heading;
  const now = useNow(state === 'running' ? TICK_MS : undefined);
  const tookMs = startMs === undefined ? undefined : (endMs ?? now) - startMs;
  return (
    <span className={`heading-note ${state}`}>
      {STATE_WORDS[state]}
      {tookMs !== undefined && state !== 'cached' && <span className="took">{formatDuration(tookMs)}</span>}
    </span>
  );
}
