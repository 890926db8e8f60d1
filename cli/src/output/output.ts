import { readEnvironment } from '../input/environment.ts';
import { terminalText } from './terminal-text.ts';

const COLOUR = /\x1b\[[\d;]*m/g;

/** Whether writing failed because the reader is gone; Windows uses another code. */
export function isReaderGone(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'EOF';
}

let readerIsGone = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  readerIsGone = isReaderGone(error);
});

/**
 * Standard output of a command, written with back-pressure. If the reader is gone, as with `head`, it ends quietly. On
 * a terminal, control sequences in foreign text have no effect except colours.
 */
export class Output {
  /** Whether the reader is gone. */
  get gone(): boolean {
    return readerIsGone;
  }

  get terminal(): boolean {
    return process.stdout.isTTY === true;
  }

  async write(text: string): Promise<void> {
    if (readerIsGone || process.stdout.write(this.terminal ? shownText(text) : text)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        process.stdout.off('drain', done);
        process.stdout.off('error', done);
        resolve();
      };
      process.stdout.on('drain', done);
      process.stdout.on('error', done);
    });
  }
}

/** Writes diagnostics, on a terminal with the same rules as `Output`. */
export function writeError(text: string): void {
  process.stderr.write(process.stderr.isTTY === true ? shownText(text) : text);
}

function shownText(text: string): string {
  const shown = terminalText(text);
  return readEnvironment().noColor ? shown.replaceAll(COLOUR, '') : shown;
}
