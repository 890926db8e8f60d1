import { printable } from './print-log.ts';

/** Tells the user something that is no result: one line on standard error. */
export function say(text: string): void {
  process.stderr.write(`slipway: ${printable(text, process.stderr.isTTY === true)}\n`);
}
