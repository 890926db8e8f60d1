import { ApiError } from '#rpc/errors/api-error.ts';

/** The maximum difference between a request's time and the server's clock, in either direction. */
export const CLOCK_SKEW_MS = 15 * 60 * 1000;

/**
 * Reads a request's time, `YYYY-MM-DDThh:mm:ssZ`. Throws `InvalidTimeStamp.Format` unless it has exactly this form and exists in
 * the calendar, and `InvalidTimeStamp.Expired` unless it is within 15 minutes of `nowMs`.
 */
export function checkTimeStamp(text: string, nowMs: number): number {
  const timeMs = parseTimeStamp(text);
  if (Number.isNaN(timeMs)) {
    const message = 'Specified time stamp or date value is not well formatted.';
    throw new ApiError('InvalidTimeStamp.Format', 400, message);
  }
  if (Math.abs(timeMs - nowMs) > CLOCK_SKEW_MS) throw expired(text, difference(timeMs, nowMs));
  return timeMs;
}

/** How long a request may be on its way, at most: it may wait for a server or a database that starts. */
const ON_ITS_WAY_MS = 60_000;

/** The refusal of a time before `notBeforeMs`, because nonces from before it may be lost. */
export function fromBeforeNonces(text: string, notBeforeMs: number): ApiError {
  const why = `before this server began to keep nonces, at ${timeStamp(notBeforeMs)}; sign the request again`;
  if (notBeforeMs - parseTimeStamp(text) > ON_ITS_WAY_MS) return expired(text, why);
  return new ApiError('ServiceUnavailable', 503, `The request was signed at ${text}, ${why}.`);
}

/** Names both times, because the server cannot know whose clock is wrong. */
function difference(timeMs: number, nowMs: number): string {
  const seconds = Math.round(Math.abs(timeMs - nowMs) / 1000);
  return `${seconds} seconds ${timeMs < nowMs ? 'behind' : 'ahead of'} this server's clock, which says ${timeStamp(nowMs)}`;
}

function expired(text: string, why: string): ApiError {
  const message = `Specified time stamp or date value is expired. The request was signed at ${text}, ${why}.`;
  return new ApiError('InvalidTimeStamp.Expired', 400, message);
}

function timeStamp(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

// Calls within the same second have the same text.
let lastParsed = { text: '', timeMs: Number.NaN };

/** The time, or NaN. The round trip refuses 30 February and 24:00, which Date.parse may accept and roll over. */
function parseTimeStamp(text: string): number {
  if (text === lastParsed.text) return lastParsed.timeMs;
  const timeMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(timeMs) || new Date(timeMs).toISOString().slice(0, 19) !== text.slice(0, 19)) return Number.NaN;
  lastParsed = { text, timeMs };
  return timeMs;
}
