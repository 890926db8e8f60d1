/**
 * Reads line numbers from the output of a search program, `N:…`, which counts the lines that it was given, in stretches
 * of a log.
 */
export class MatchedLines {
  readonly lineNumbers: number[] = [];
  /** Consecutive stretches are merged into one. */
  readonly #stretches: { linesBefore: number; firstLine: number }[] = [];
  #givenLines = 0;
  #nextLine = 0;
  /** The stretch of the last match: matches come in order. */
  #at = 0;
  #rest = '';

  /** Records which lines the program gets next. */
  give({ firstLine, lineCount }: { firstLine: number; lineCount: number }): void {
    if (firstLine !== this.#nextLine) this.#stretches.push({ linesBefore: this.#givenLines, firstLine });
    this.#givenLines += lineCount;
    this.#nextLine = firstLine + lineCount;
  }

  read(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString('latin1')).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.lineNumbers.push(this.#lineNumberOf(Number.parseInt(line, 10)));
  }

  /** The line number in the log of the n-th line that the program got. */
  #lineNumberOf(given: number): number {
    while ((this.#stretches[this.#at + 1]?.linesBefore ?? Number.POSITIVE_INFINITY) < given) this.#at += 1;
    const { firstLine = 0, linesBefore = 0 } = this.#stretches[this.#at] ?? {};
    return firstLine + given - linesBefore - 1;
  }
}
