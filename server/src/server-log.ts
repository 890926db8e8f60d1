import { Masker } from '#runner/mask/masker.ts';

/** JSON leaves these as they are: what terminals obey like ESC (DEL and C1), and what some readers take for a line's end. */
const CONTROLS = /[\u007f-\u009f\u2028\u2029]/g;

/**
 * Where the server's own log goes, with secrets masked as in the logs of builds, and each line fit to be shown: whatever
 * callers send, it ends no line and moves no cursor.
 */
export class ServerLog {
  readonly #masker = new Masker([]);
  readonly #destination: { write(line: string): unknown };

  constructor(destination: { write(line: string): unknown }) {
    this.#destination = destination;
  }

  /** Keeps one more secret out of all that follows. */
  keepOut(secret: string): void {
    this.#masker.add(secret);
  }

  /** Takes a line as pino gives it. */
  write(line: string): void {
    const masked = this.#masker.text(line);
    this.#destination.write(
      masked.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`),
    );
  }
}
