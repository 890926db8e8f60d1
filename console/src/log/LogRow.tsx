import { type MouseEvent, memo } from 'react';
import type { Line } from '../api/build.ts';
import { formatClock } from '../ui/durations.ts';
import { Icon } from '../ui/icons.tsx';
import { type Fold, hiddenCount } from './folds.ts';
import { HeadingNote } from './HeadingNote.tsx';
import type { Heading } from './headings.ts';
import { lineCountText } from './line-count.ts';
import { cutPieces, lineText, rewriteCount } from './line-text.ts';
import type { Style } from './sgr.ts';
import { toneOf } from './tone.ts';

interface LogRowProps {
  lineNumber: number;
  /** Undefined while it is loading. */
  line: Line | undefined;
  /** The style that the lines before left. */
  style: Style;
  fold: Fold | undefined;
  closed: boolean;
  /** Whether its fold is the first in view. */
  isFirstFold: boolean;
  /** The stage or step that begins here. */
  heading: Heading | undefined;
  selected: boolean;
  /** Whether this line tells why the build failed, or is the error that was asked for. */
  isError: boolean;
  /** Whether the builder ended a failed build with this line. */
  isEnd: boolean;
  hit: 'none' | 'hit' | 'current';
  times: boolean;
  wrapped: boolean;
  wholeProgress: boolean;
  find: string | undefined;
  onPick(lineNumber: number, extend: boolean): void;
  onFold(firstLine: number): void;
}

/** Characters of a line that are shown while lines are not wrapped: some ten windows of text. */
const UNWRAPPED_CHARS = 2000;

/** A line of the log: its number, its time, and its text as text nodes inside spans. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { lineNumber, line, fold, closed, heading, selected, isError, isEnd, hit, times, onPick, onFold } = props;
  const pick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    onPick(lineNumber, event.shiftKey);
  };
  const classes = [
    'row',
    heading ? `row-${heading.kind}` : line && `tone-${isEnd && line.Step === 0 ? 'error' : toneOf(line)}`,
    line !== undefined && line.Step > 0 && 'in-step',
    selected && 'selected',
    isError && 'error-row',
    hit !== 'none' && hit,
  ];
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
            tabIndex={props.isFirstFold ? 0 : -1}
            aria-expanded={!closed}
            aria-label={`${fold.kind === 'stage' ? `${fold.label} stage` : fold.label}, lines ${fold.firstLine} to ${fold.lastLine}`}
            onClick={() => onFold(fold.firstLine)}
          >
            <Icon name={closed ? 'chevron-right' : 'chevron-down'} />
          </button>
        )}
        {isError && !fold && <Icon name="error" />}
      </span>
      {line ? <LineText {...props} line={line} /> : <span className="text loading" />}
      {closed && fold && <span className="note">{lineCountText(hiddenCount(fold))} folded</span>}
      {heading && <HeadingNote heading={heading} />}
    </div>
  );
});

function LineText({ line, style, wholeProgress, wrapped, find }: LogRowProps & { line: Line }) {
  const all = lineText(line.Message, { wholeProgress, find, style });
  const { pieces, cutChars } = wrapped ? { pieces: all, cutChars: 0 } : cutPieces(all, UNWRAPPED_CHARS);
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
      {cutChars > 0 && <span className="note">{cutChars.toLocaleString('en')} more characters: wrap to read them</span>}
      {rewrites > 0 && <span className="note">rewritten {rewrites}×</span>}
      {line.Continued && <span className="note">continues on the next line</span>}
    </>
  );
}
