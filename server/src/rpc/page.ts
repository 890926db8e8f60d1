import { invalidParameter } from './api-error.ts';

/** Which rows a list answers, and the numbers it echoes. */
export interface Page {
  readonly pageNo: number;
  readonly pageSize: number;
  readonly limit: number;
  readonly offset: number;
}

const defaultSize = 30;
const largestSize = 100;

/**
 * Reads `PageNo` (from 1) and `PageSize` (1 to 100, 30 when absent, as in the vendor's examples).
 * Throws `InvalidParameter` outside of these ranges: a page is refused rather than cut.
 */
export function planPage(params: { PageNo?: number | undefined; PageSize?: number | undefined }): Page {
  const pageNo = params.PageNo ?? 1;
  const pageSize = params.PageSize ?? defaultSize;
  if (pageNo < 1) throw invalidParameter('PageNo', `${pageNo} is less than 1.`);
  if (pageSize < 1 || pageSize > largestSize) {
    throw invalidParameter('PageSize', `${pageSize} is not between 1 and ${largestSize}.`);
  }
  const offset = (pageNo - 1) * pageSize;
  if (!Number.isSafeInteger(offset)) throw invalidParameter('PageNo', `${pageNo} is too large.`);
  return { pageNo, pageSize, limit: pageSize, offset };
}
