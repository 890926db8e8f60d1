import type { Line } from '../api/build.ts';
import { plainText } from './line-text.ts';
import { ROW_PX } from './scroll/row-heights.ts';

/** Width of a character, and of what is beside the text: number, fold, padding; and the times. As in `log.css`. */
const CHARACTER_PX = 7.53;
const BESIDE_PX = 120;
const TIMES_PX = 105;
const LONG_CHARS = 80;

const LENGTHS = new WeakMap<Line, number>();

/**
 * How tall a wrapped line will be about, in a view of this width: a guess by its number of characters, which the page
 * checks after it has rendered the line.
 */
export function expectedHeightPx(line: Line | undefined, widthPx: number, times: boolean): number {
  if (line === undefined) return ROW_PX;
  const columns = Math.max(8, (widthPx - BESIDE_PX - (times ? TIMES_PX : 0)) / CHARACTER_PX);
  return ROW_PX * Math.max(1, Math.ceil(shownLength(line) / columns));
}

/** The number of characters that are shown of a line; counted once. */
function shownLength(line: Line): number {
  if (line.Message.length < LONG_CHARS) return line.Message.length;
  const known = LENGTHS.get(line);
  if (known !== undefined) return known;
  const length = plainText(line.Message).length;
  LENGTHS.set(line, length);
  return length;
}
