import type { SearchReply } from '../api/build.ts';
import { getNative, queryOf } from '../api/native-api.ts';

/** What to search for. */
export interface LogQuery {
  text: string;
  regex: boolean;
}

/** The lines found so far, in order. */
export interface FoundLines {
  lines: number[];
  /** The whole log was searched. */
  done: boolean;
  /** There are more matches than are kept. */
  more: boolean;
}

const HITS_A_REQUEST = 500;
const HITS_KEPT = 5000;

/** Searches the whole log on the server, ignoring case; reports what it has found after each part. */
export async function searchLog(
  id: string,
  { text, regex }: LogQuery,
  signal: AbortSignal,
  tell: (found: FoundLines) => void,
): Promise<void> {
  const lines: number[] = [];
  let cursor: string | undefined;
  do {
    const what = regex ? { regex: text } : { q: text };
    const query = queryOf({ ...what, ignorecase: true, limit: HITS_A_REQUEST, cursor });
    const reply: SearchReply = await getNative(`/builds/${id}/log/search${query}`, signal);
    lines.push(...reply.Hits.map((hit) => hit.Line.LineNumber));
    cursor = reply.Cursor;
    tell({ lines: [...lines], done: cursor === undefined, more: lines.length >= HITS_KEPT });
  } while (cursor !== undefined && lines.length < HITS_KEPT);
}

/** As on the failure card. A colour sequence may come before the word; its last letter is not part of the word. */
const ERROR_LOOKS = String.raw`(?:\b|\x1b\[[0-9;:]*[mK])(error|errors|fatal|panic|exception|traceback|failed|failure|cannot|can't|could not|couldn't|no such file|not found|denied|undefined reference|unresolved|unknown|missing|segmentation fault|killed)\b|^E: |\berr!`;
/** Lines that mention errors without being one. */
const ONLY_SPEAKS = /\b(0|no) (errors?|failures?|failed)\b|\b(errors?|failures?|failed): ?0\b/i;
const ERRORS_A_REQUEST = 20;

/**
 * The first line after `after` that looks like an error; undefined if there is none. Lines that begin a step repeat its
 * instruction and are skipped.
 */
export async function findError(
  id: string,
  after: number,
  isHeading: (line: number) => boolean,
): Promise<number | undefined> {
  let cursor: string | number | undefined = after + 1;
  do {
    const query = queryOf({ regex: ERROR_LOOKS, ignorecase: true, limit: ERRORS_A_REQUEST, cursor });
    const reply: SearchReply = await getNative(`/builds/${id}/log/search${query}`);
    const lines = reply.Hits.map((hit) => hit.Line);
    const found = lines.find(({ LineNumber, Message }) => !isHeading(LineNumber) && !ONLY_SPEAKS.test(Message));
    if (found) return found.LineNumber;
    cursor = reply.Cursor;
  } while (cursor !== undefined);
  return undefined;
}
