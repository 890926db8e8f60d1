import { type MouseEvent, memo } from 'react';
import type { Line } from '../api/build.ts';
import { formatClock } from '../ui/durations.ts';
import type { Fold } from './folds.ts';
import { lineText, rewriteCount } from './line-text.ts';

interface LogRowProps {
  lineNumber: number;
  /** Undefined while it is loading. */
  line: Line | undefined;
  fold: Fold | undefined;
  closed: boolean;
  selected: boolean;
  hit: 'none' | 'hit' | 'current';
  times: boolean;
  wholeProgress: boolean;
  find: string | undefined;
  onPick(lineNumber: number, extend: boolean): void;
  onFold(firstLine: number): void;
}

/** A line of the log: its number, its time, and its text as text nodes inside spans. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { lineNumber, line, fold, closed, selected, hit, times, onPick, onFold } = props;
  const pick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    onPick(lineNumber, event.shiftKey);
  };
  const classes = ['row', fold && `row-${fold.kind}`, selected && 'selected', hit !== 'none' && hit];
  return (
    <div className={classes.filter(Boolean).join(' ')} data-line={lineNumber}>
      <a className="number" href={`#L${lineNumber}`} tabIndex={-1} onClick={pick}>
        {lineNumber}
      </a>
      {times && <span className="time">{line?.Time === undefined ? '' : formatClock(line.Time)}</span>}
      <span className="fold-place">
        {fold && (
          <button
            type="button"
            className="fold"
            aria-expanded={!closed}
            aria-label={`${fold.kind === 'stage' ? `${fold.label} stage` : fold.label}, lines ${fold.firstLine} to ${fold.lastLine}`}
            onClick={() => onFold(fold.firstLine)}
          >
            {closed ? '▸' : '▾'}
          </button>
        )}
      </span>
      {line ? (
        <LineText line={line} wholeProgress={props.wholeProgress} find={props.find} />
      ) : (
        <span className="text loading" />
      )}
      {closed && fold && <span className="note">{fold.lastLine - fold.firstLine} lines folded</span>}
    </div>
  );
});

function LineText({ line, wholeProgress, find }: { line: Line; wholeProgress: boolean; find: string | undefined }) {
  const pieces = lineText(line.Message, { wholeProgress, find });
  const rewrites = wholeProgress ? 0 : rewriteCount(line.Message);
  return (
    <>
      <span className="text">
        {pieces.map((piece, index) => {
          const className = piece.classes.length === 0 ? undefined : piece.classes.join(' ');
          // A line never changes, so the order of its pieces never changes either.
          const key = index;
          return piece.href ? (
            <a key={key} className={className} href={piece.href} target="_blank" rel="noopener noreferrer">
              {piece.text}
            </a>
          ) : (
            <span key={key} className={className}>
              {piece.text}
            </span>
          );
        })}
      </span>
      {rewrites > 0 && <span className="note">rewritten {rewrites}×</span>}
      {line.Continued && <span className="note">continues on the next line</span>}
    </>
  );
}
