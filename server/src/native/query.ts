import type { FastifyRequest } from 'fastify';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { refuseNul } from '#rpc/nul-character.ts';
import { parseUrlEncoded, queryOf } from '#signature/url-encoded.ts';

/** Reads one value of a query: returns the parsed value, or throws a text that says what it must be. */
export type QueryKind<T> = (value: string, name: string) => T;

/** The values of a query of these kinds; a parameter that is absent, or empty in a GET, is undefined. */
export type QueryValues<Kinds extends Record<string, QueryKind<unknown>>> = {
  readonly [Name in keyof Kinds]: ReturnType<Kinds[Name]> | undefined;
};

/**
 * Reads the query of a request, as strictly as the RPC gateway: an unknown or repeated name is refused, so that a
 * misspelled filter is never ignored. An empty value, as a script sends if its variable is not set, must not turn the
 * removal of one thing into the removal of all, so only a GET may have one. Throws `InvalidParameter`.
 */
export function readQuery<Kinds extends Record<string, QueryKind<unknown>>>(
  request: FastifyRequest,
  kinds: Kinds,
): QueryValues<Kinds> {
  const values: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const [name, value] of parseUrlEncoded(queryOf(request.raw.url ?? '/'))) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) {
      throw invalidParameter(
        name,
        `there is no such parameter here; the parameters are ${Object.keys(kinds).join(', ')}.`,
      );
    }
    if (seen.has(name)) throw invalidParameter(name, 'it was sent more than once.');
    seen.add(name);
    refuseNul(name, value);
    if (value !== '') values[name] = kind(value, name);
    else if (request.method !== 'GET') throw invalidParameter(name, 'it is empty; leave it out, or send a value.');
  }
  return values as QueryValues<Kinds>;
}

/** A whole number between two others, inclusive. */
export function integer(minimum: number, maximum: number): QueryKind<number> {
  return (value, name) => {
    const number = Number(value);
    if (/^\d{1,16}$/.test(value) && number >= minimum && number <= maximum) return number;
    throw invalidParameter(name, `${quoted(value)} is not a whole number from ${minimum} to ${maximum}.`);
  };
}

/** One of these words. */
export function oneOf<Word extends string>(...words: readonly Word[]): QueryKind<Word> {
  return (value, name) => {
    const word = words.find((known) => known === value);
    if (word !== undefined) return word;
    throw invalidParameter(name, `${quoted(value)} is not one of ${words.join(', ')}.`);
  };
}

/** `true` or `false`; the bare name is an empty value, which is treated as absent. */
export const boolean: QueryKind<boolean> = (value, name) => oneOf('true', 'false')(value, name) === 'true';

/** A text that matches a pattern; `expects` completes "… is not". */
export function text(pattern: RegExp, expects: string): QueryKind<string> {
  return (value, name) => {
    if (pattern.test(value)) return value;
    throw invalidParameter(name, `${quoted(value)} is not ${expects}.`);
  };
}

/** A time: milliseconds since 1970, or ISO 8601 with its offset from UTC, as in 2026-03-01T12:00:00Z. */
export const time: QueryKind<number> = (value, name) => {
  const isIso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(value);
  const timeMs = /^\d{1,15}$/.test(value) ? Number(value) : isIso ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  throw invalidParameter(
    name,
    `${quoted(value)} is neither milliseconds since 1970 nor a time as in 2026-03-01T12:00:00Z.`,
  );
};

function quoted(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}
