import { writeError } from './output.ts';

/** Tells the user something that is no result: one line on standard error. */
export function say(text: string): void {
  writeError(`slipway: ${text}\n`);
}
