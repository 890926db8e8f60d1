import { createHash } from 'node:crypto';
import type { SecretBox } from './context.ts';
import { invalidParameter } from './errors/api-error.ts';

/** The rows that a list returns, and the numbers that it echoes. */
export interface Page {
  readonly pageNo: number;
  readonly pageSize: number;
  readonly limit: number;
  readonly offset: number;
}

const DEFAULT_SIZE = 30;
const LARGEST_SIZE = 100;

/**
 * Reads `PageNo` (from 1) and `PageSize` (from 1; 30 by default, as in the vendor's examples, because some clients that send
 * neither keep requesting pages if they get 50). A size above 100 is reduced to 100, and the echoed number says so: a real
 * client sends 9999 and stops on an error. Throws `InvalidParameter` for less than 1.
 */
export function planPage(params: { PageNo?: number | undefined; PageSize?: number | undefined }): Page {
  const pageNo = params.PageNo ?? 1;
  const pageSize = sizeOf('PageSize', params.PageSize);
  if (pageNo < 1) throw invalidParameter('PageNo', `${pageNo} is less than 1.`);
  const offset = (pageNo - 1) * pageSize;
  if (!Number.isSafeInteger(offset)) throw invalidParameter('PageNo', `${pageNo} is too large.`);
  return { pageNo, pageSize, limit: pageSize, offset };
}

/** The position of a row in its list: the values that it is sorted by. */
export type Position = readonly (string | number)[];

/** A page that begins after a row, so that the list does not shift when earlier rows are added or removed. */
export interface TokenPage {
  readonly limit: number;
  /** The last row of the previous page; undefined for the first page. */
  readonly after: Position | undefined;
  /**
   * Cuts the page from the rows that were read, which include one more than `limit` if there are more. Returns the token of the
   * next page, which is empty at the end.
   */
  cut<Row>(rows: readonly Row[], positionOf: (row: Row) => Position): { page: readonly Row[]; NextToken: string };
}

const TOKEN_LIMIT_CHARS = 4096;

/**
 * Reads `NextToken` and `MaxResults` (1 to 100, reduced like `PageSize`), the second way to page. Undefined if neither is sent. A
 * token is sealed for its list and its filters, and is refused with `InvalidParameter` anywhere else.
 */
export function planTokenPage(
  secrets: SecretBox,
  list: string,
  filter: object,
  params: { NextToken?: string | undefined; MaxResults: number },
  invalidCode?: string,
): TokenPage;
export function planTokenPage(
  secrets: SecretBox,
  list: string,
  filter: object,
  params: { NextToken?: string | undefined; MaxResults?: number | undefined },
): TokenPage | undefined;
export function planTokenPage(
  secrets: SecretBox,
  list: string,
  filter: object,
  params: { NextToken?: string | undefined; MaxResults?: number | undefined },
  invalidCode?: string,
): TokenPage | undefined {
  if (params.NextToken === undefined && params.MaxResults === undefined) return undefined;
  const limit = sizeOf('MaxResults', params.MaxResults);
  const place = `page:${list}:${createHash('sha256').update(JSON.stringify(filter)).digest('hex')}`;
  return {
    limit,
    after: params.NextToken === undefined ? undefined : openToken(secrets, place, params.NextToken, invalidCode),
    cut(rows, positionOf) {
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const ends = rows.length <= limit || last === undefined;
      return { page, NextToken: ends ? '' : secrets.seal(place, JSON.stringify(positionOf(last))) };
    },
  };
}

function openToken(secrets: SecretBox, place: string, token: string, invalidCode?: string): Position {
  try {
    if (token.length <= TOKEN_LIMIT_CHARS) return JSON.parse(secrets.open(place, token));
  } catch {
    // Whatever is wrong with it, it is not a token of this list.
  }
  const reason = 'it is not from a page of this list with these filters; start again without it.';
  throw invalidParameter('NextToken', reason, invalidCode);
}

function sizeOf(name: 'PageSize' | 'MaxResults', size = DEFAULT_SIZE): number {
  if (size < 1) throw invalidParameter(name, `${size} is less than 1.`);
  return Math.min(size, LARGEST_SIZE);
}
