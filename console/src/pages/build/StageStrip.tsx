import { formatDuration } from '../../ui/durations.ts';
import { LineLink } from './LineLink.tsx';
import { rowWord, type WaterfallRow } from './waterfall-rows.ts';

/** Seconds that each part gets in width on top of its own, so that short ones stay readable. */
const LEAST_SHARE = 0.04;

/** The queue and the stages side by side, each as wide as it took long. The queue is cut short, and says its length. */
export function StageStrip({ id, rows, now }: { id: string; rows: readonly WaterfallRow[]; now: number }) {
  const parts = rows.filter(({ kind }) => kind === 'wait' || kind === 'stage');
  const lengthOf = (row: WaterfallRow) => Math.max(0, (row.endMs ?? now) - row.startMs);
  const runMs = parts.reduce((sum, row) => sum + (row.kind === 'stage' ? lengthOf(row) : 0), 0);
  return (
    <ol className="stage-strip">
      {parts.map((row) => {
        const isOnly = parts.length === 1;
        const share = row.kind === 'wait' && !isOnly ? 0 : lengthOf(row) / Math.max(1, runMs);
        const word = rowWord(row);
        return (
          <li
            key={row.key}
            className={`strip-part ${row.kind} ${row.state}${isOnly ? '' : ' one-of-several'}`}
            style={{ flexGrow: Math.max(LEAST_SHARE, share) }}
          >
            <LineLink id={id} line={row.line}>
              {row.label} <span className="strip-time">{formatDuration(lengthOf(row))}</span>
              {word && <span className="bar-word"> {word}</span>}
            </LineLink>
          </li>
        );
      })}
    </ol>
  );
}
