import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { BuildDetail } from '../../api/build.ts';
import { sectionsQuery, stepsQuery } from '../../api/build-queries.ts';
import { useNow } from '../../ui/clock.ts';
import { formatDuration } from '../../ui/durations.ts';
import { type WaterfallRow, waterfallRows } from './waterfall-rows.ts';

const TICK_MS = 250;
const WORDS = { done: '', cached: 'cached', failed: 'failed', running: 'running' };

/** Where the time of a build went: its stages and steps as bars on one timeline. */
export function Waterfall({ build, over }: { build: BuildDetail; over: boolean }) {
  const id = build.BuildRecordId;
  const { data: sections = [] } = useQuery(sectionsQuery(id, over));
  const { data: steps = [] } = useQuery(stepsQuery(id, over));
  const now = useNow(build.EndTime === undefined ? TICK_MS : undefined);
  const rows = waterfallRows(build, sections, steps);
  if (rows.length === 0) return null;
  const startMs = Math.min(build.CreateTime, ...rows.map((row) => row.startMs));
  const endMs = Math.max(build.EndTime ?? now, ...rows.map((row) => row.endMs ?? now));
  return (
    <section className="waterfall" aria-label="Stages and steps">
      <ol>
        {rows.map((row) => (
          <Bar key={row.key} id={id} row={row} startMs={startMs} endMs={endMs} now={now} />
        ))}
      </ol>
    </section>
  );
}

interface BarProps {
  id: string;
  row: WaterfallRow;
  startMs: number;
  endMs: number;
  now: number;
}

function Bar({ id, row, startMs, endMs, now }: BarProps) {
  const spanMs = Math.max(1, endMs - startMs);
  const lengthMs = Math.max(0, (row.endMs ?? now) - row.startMs);
  const left = `${((row.startMs - startMs) / spanMs) * 100}%`;
  const width = `${(lengthMs / spanMs) * 100}%`;
  return (
    <li className={`bar-row ${row.kind} ${row.state}`}>
      <span className="bar-label">
        {row.line === undefined ? (
          row.label
        ) : (
          <Link to="/builds/$id" params={{ id }} hash={`L${row.line}`} resetScroll={false} title={row.label}>
            {row.label}
          </Link>
        )}
      </span>
      <span className="bar-track" aria-hidden="true">
        <span className="bar" style={{ left, width }} />
      </span>
      <span className="bar-time">
        {WORDS[row.state] && <span className="bar-word">{WORDS[row.state]}</span>} {formatDuration(lengthMs)}
      </span>
    </li>
  );
}
