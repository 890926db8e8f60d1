import { writeError } from './output.ts';

/** Prints a message that is not a result: one line on standard error. */
export function say(text: string): void {
  writeError(`slipway: ${text}\n`);
}
