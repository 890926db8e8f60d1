import { terminalText } from './terminal-text.ts';

/** Whether writing failed because nobody reads any more; Windows has another word for it. */
export function isReaderGone(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'EOF';
}

/**
 * Standard output of a command, written with back-pressure; a reader that has gone away, as `head` does, ends it quietly. On a
 * terminal what is foreign in a text does nothing but colour it.
 */
export class Output {
  #gone = false;

  constructor() {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      this.#gone = isReaderGone(error);
    });
  }

  /** Whether nobody reads any more. */
  get gone(): boolean {
    return this.#gone;
  }

  get terminal(): boolean {
    return process.stdout.isTTY === true;
  }

  async write(text: string): Promise<void> {
    if (this.#gone || process.stdout.write(this.terminal ? terminalText(text) : text)) return;
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

/** Writes diagnostics, on a terminal as `Output` does. */
export function writeError(text: string): void {
  process.stderr.write(process.stderr.isTTY === true ? terminalText(text) : text);
}
