import { formatDuration } from '../../ui/durations.ts';
import { LineLink } from './LineLink.tsx';
import type { TimelineAxis } from './timeline-axis.ts';
import { rowWord, type WaterfallRow } from './waterfall-rows.ts';

interface TimelineRowsProps {
  id: string;
  rows: readonly WaterfallRow[];
  axis: TimelineAxis;
  now: number;
}

/** The stages and steps as bars on one axis. */
export function TimelineRows({ id, rows, axis, now }: TimelineRowsProps) {
  return (
    <ol className="timeline">
      <li className="bar-row scale" aria-hidden="true">
        <span />
        <span className="bar-track">
          {axis.ticks.map(({ ms, at }) => (
            <span key={ms} className="tick" style={{ left: `${at}%` }}>
              {tickText(ms)}
            </span>
          ))}
        </span>
        <span />
      </li>
      {rows.map((row) => (
        <Bar key={row.key} id={id} row={row} axis={axis} now={now} />
      ))}
    </ol>
  );
}

function Bar({ id, row, axis, now }: Omit<TimelineRowsProps, 'rows'> & { row: WaterfallRow }) {
  const endMs = row.endMs ?? now;
  const left = axis.at(row.startMs);
  const width = axis.at(endMs) - left;
  const word = rowWord(row);
  return (
    <li className={`bar-row ${row.kind} ${row.state}`}>
      <span className="bar-label">
        <LineLink id={id} line={row.line} title={row.label}>
          {row.label}
        </LineLink>
      </span>
      <span className="bar-track" aria-hidden="true">
        {axis.ticks.map(({ ms, at }) => (
          <span key={ms} className="grid-line" style={{ left: `${at}%` }} />
        ))}
        <span className="bar" style={{ left: `${left}%`, width: `${width}%` }} />
        {axis.breakAt !== undefined && <span className="axis-break" style={{ left: `${axis.breakAt}%` }} />}
      </span>
      <span className="bar-time">
        {word && <span className="bar-word">{word}</span>} {formatDuration(Math.max(0, endMs - row.startMs))}
      </span>
    </li>
  );
}

/** `0`, `500 ms`, `10 s`, `5 min`, `2 h`. */
function tickText(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${ms / 1000} s`;
  return ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`;
}
