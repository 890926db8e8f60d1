const FINAL = 'ERROR: failed to build: ';

/** The builder's final error, out of all its messages; undefined if it gave no reason. */
export function finalError(words: string): string | undefined {
  const line = words.split('\n').findLast((each) => each.startsWith(FINAL));
  return line?.slice(FINAL.length);
}

/** Errors about a Dockerfile begin like this, and go on with words of it, which are not always in quotes. */
export const DOCKERFILE_ERROR =
  /^(failed to load cache key: )?(invalid|failed to process|failed to parse|target stage|circular dependency|unknown )/;
