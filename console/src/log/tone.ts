import type { Line } from '../api/build.ts';
import { plainText } from './line-text.ts';

/**
 * Who says a line, and how bad it is. That the builder says it is known from the line's step, never from its text; a
 * step can only make its own lines look like errors and warnings.
 */
export type Tone = 'builder' | 'step' | 'error' | 'warning';

/** What makes a line an error comes early in it, after the place in a file at most. */
const LOOKED_AT_CHARS = 400;
const ERROR =
  /^(?:(?:fatal |internal compiler )?error[:[]|fatal:|panic:|traceback \(|\[error\]|\[fatal\]|npm err(?:or|!))/i;
const OTHER_ERROR = /^(?:E: |ERROR |FATAL |make(?:\[\d{1,3}\])?: \*\*\* )/;
const WARNING = /^(?:warning[:[]|\[warn(?:ing)?\]|npm warn )/i;
const OTHER_WARNING = /^(?:W: |WARN |WARNING )/;

/** The tone of a line. */
export function toneOf({ Step: step, Message: message }: Line): Tone {
  const state = message.slice(message.lastIndexOf('\r', message.length - 2) + 1);
  const text = plainText(state.slice(0, LOOKED_AT_CHARS));
  const starts = [text, pastPlace(text)];
  if (starts.some((start) => ERROR.test(start) || OTHER_ERROR.test(start)) || namesError(text)) return 'error';
  if (starts.some((start) => WARNING.test(start) || OTHER_WARNING.test(start))) return 'warning';
  return step === 0 ? 'builder' : 'step';
}

/** What follows `src/main.c:7:10: `; empty if a line begins otherwise. */
function pastPlace(text: string): string {
  const end = text.indexOf(': ');
  return end > 0 && !text.slice(0, end).includes(' ') ? text.slice(end + 2) : '';
}

/** `ModuleNotFoundError: …`, `java.lang.IllegalStateException: …`. */
function namesError(text: string): boolean {
  const word = text.slice(0, Math.max(0, text.indexOf(': ')));
  return !word.includes(' ') && (word.endsWith('Error') || word.endsWith('Exception'));
}
