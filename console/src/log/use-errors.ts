import { useRef } from 'react';
import { findError } from './search-log.ts';

/** Where to look for errors. */
interface ErrorMeans {
  id: string;
  /** The line that tells why the build failed, once that is known. */
  cause: number | undefined;
  isHeading(line: number): boolean;
  /** Selects a line, marks it as an error and shows it. */
  showError(line: number): void;
}

/** Goes to the errors of a log. Both functions return what they found as a sentence. */
export interface ErrorSteps {
  first(): Promise<string>;
  /** The first error after the last one that was shown; then the first one again. */
  next(): Promise<string>;
}

/** Steps through the lines that look like errors, beginning with the one that tells why the build failed. */
export function useErrors({ id, cause, isHeading, showError }: ErrorMeans): ErrorSteps {
  const last = useRef<number>(undefined);
  const show = (line: number, sentence: string) => {
    last.current = line;
    showError(line);
    return sentence;
  };
  const first = async () => {
    const line = cause ?? (await findError(id, 0, isHeading));
    if (line === undefined) return 'No line looks like an error.';
    return show(line, `Line ${line} is the first line that looks like an error.`);
  };
  const next = async () => {
    const from = last.current;
    if (from === undefined) return first();
    const line = await findError(id, from, isHeading);
    if (line !== undefined) return show(line, `Line ${line} looks like an error.`);
    last.current = undefined;
    return `No line after line ${from} looks like an error. Again goes to the first.`;
  };
  return { first, next };
}
