import { storableJson } from '#db/storable-text.ts';

/*
 * A row as PostgreSQL's COPY writes and reads it in its text format: values with a tab between them, and a line feed at the end
 * (https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.2). Equal values have equal texts, so the same text is what rows are
 * compared by.
 */

/** A value of SQLite, whose integers are read as bigints. */
export type SqliteValue = string | bigint | number | Uint8Array | null;

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};
const ESCAPED = /[\\\t\n\r\b\f\v]/g;

/** `replaced` is called with the position of each value that had a NUL character. */
export function copyText(
  row: readonly SqliteValue[],
  { jsonColumn, replaced }: { jsonColumn: number | undefined; replaced: (column: number) => void },
): string {
  const texts = row.map((value, column) => {
    if (typeof value !== 'string') return textOf(value);
    const storable = withoutNul(value, column === jsonColumn);
    if (storable !== value) replaced(column);
    return storable.replaceAll(ESCAPED, (sign) => ESCAPES[sign] ?? sign);
  });
  return `${texts.join('\t')}\n`;
}

function textOf(value: Exclude<SqliteValue, string>): string {
  if (value === null) return '\\N';
  if (value instanceof Uint8Array)
    return `\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
  return String(value);
}

/** As a server stores such texts today; see `storable-text.ts`. */
function withoutNul(text: string, isJson: boolean): string {
  if (text.includes('\0')) return text.replaceAll('\0', '\uFFFD');
  return isJson && text.includes('\\u0000') ? storableJson(JSON.parse(text)) : text;
}
