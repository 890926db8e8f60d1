import { useNow } from './clock.ts';
import { formatAge, formatExactly } from './durations.ts';

const TICK_MS = 30_000;

interface AgoProps {
  /** In ms, or as text. */
  at: number | string;
}

/** How long ago something was, kept up to date, with the exact time on hover. */
export function Ago({ at }: AgoProps) {
  const now = useNow(TICK_MS);
  const time = new Date(at);
  return (
    <time
      dateTime={Number.isNaN(time.getTime()) ? undefined : time.toISOString()}
      title={formatExactly(time.getTime())}
    >
      {formatAge(now - time.getTime())}
    </time>
  );
}
