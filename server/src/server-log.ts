import { Masker } from '#runner/masker.ts';

/** Where the server's own log goes, with secrets masked as in the logs of builds. */
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
    this.#destination.write(this.#masker.text(line));
  }
}
