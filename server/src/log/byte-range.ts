/**
 * The bytes that a Range header requests from a text of `sizeBytes` (https://www.rfc-editor.org/rfc/rfc9110#section-14): the
 * first byte, and one past the last. Undefined without a header, or with one that may be ignored: another unit, or several
 * ranges.
 */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): readonly [start: number, end: number] | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first === '') {
    const start = Math.max(0, sizeBytes - Number(last));
    return start === sizeBytes ? 'unsatisfiable' : [start, sizeBytes];
  }
  const start = Number(first);
  const end = last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= sizeBytes ? 'unsatisfiable' : [start, end];
}
