import { closeSync, openSync } from 'node:fs';
import { FILE_HEADER_BYTES, SqliteBytes, SqliteMistake, SqlitePages } from './sqlite-pages.ts';

/*
 * Reads the rows of one table of a database that a stranger made, without SQLite, whose machine code a damaged file could take
 * over (docs/decisions/0043-databases-of-images-are-read-without-sqlite.md).
 *
 * A table is a tree of pages. The cells of an interior page name its children, and those of a leaf are rows. A row that does not
 * fit on its page continues on a chain of overflow pages. Page 1 is the root of the table that lists the tables. Numbers are
 * big-endian, or varints. https://www.sqlite.org/fileformat2.html
 */

/** A value of a row. Integers beyond 2^53 are rounded. */
export type SqliteValue = number | string | Buffer | null;

/** The table to read. */
export interface SqliteTable {
  readonly name: string;
  /** What its CREATE TABLE must match, because values are found by their position in it. */
  readonly statement: RegExp;
  /** How many of its columns to read. */
  readonly columns: number;
}

const SCHEMA_ROOT = 1;
const SCHEMA_COLUMNS = 5;
const [INTERIOR, LEAF] = [0x05, 0x0d];
const CELL_COUNT_AT = 3;
const [INTERIOR_HEADER_BYTES, LEAF_HEADER_BYTES] = [12, 8];
const LAST_CHILD_AT = 8;
/** SQLite's own limit; no file has enough rows for it. */
const DEPTH_LIMIT = 20;
const ROW_LIMIT_BYTES = 64 * 2 ** 20;

/**
 * The rows of a table in the order of their ids. The id is not among the values: a column that is an INTEGER PRIMARY KEY is null.
 * Throws SqliteMistake if the database is damaged or has another table of this name.
 */
export function* readSqliteTable(file: string, table: SqliteTable): Generator<SqliteValue[]> {
  const fd = openSync(file, 'r');
  try {
    const pages = new SqlitePages(fd);
    yield* rowsBelow(pages, rootOf(pages, table), table.columns);
  } finally {
    closeSync(fd);
  }
}

function rootOf(pages: SqlitePages, { name, statement }: SqliteTable): number {
  for (const [type, rowName, , root, sql] of rowsBelow(pages, SCHEMA_ROOT, SCHEMA_COLUMNS)) {
    if (rowName !== name) continue;
    if (type !== 'table' || typeof root !== 'number' || typeof sql !== 'string' || !statement.test(sql))
      throw new SqliteMistake(`${name} is not the expected table`);
    return root;
  }
  throw new SqliteMistake(`it has no table ${name}`);
}

function* rowsBelow(pages: SqlitePages, number: number, columns: number, depth = 1): Generator<SqliteValue[]> {
  if (depth > DEPTH_LIMIT) throw new SqliteMistake('its tree of pages is too deep');
  const headerAt = number === SCHEMA_ROOT ? FILE_HEADER_BYTES : 0;
  const page = new SqliteBytes(pages.read(number), headerAt);
  const type = page.unsigned(1);
  page.at = headerAt + CELL_COUNT_AT;
  const count = page.unsigned(2);
  page.at = headerAt + (type === LEAF ? LEAF_HEADER_BYTES : INTERIOR_HEADER_BYTES);
  const cells = Array.from({ length: count }, () => page.unsigned(2));
  if (type === LEAF) {
    yield* rowsOf(page, cells, pages, columns);
  } else if (type === INTERIOR) {
    for (const at of [...cells, headerAt + LAST_CHILD_AT]) {
      page.at = at;
      yield* rowsBelow(pages, page.unsigned(4), columns, depth + 1);
    }
  } else throw new SqliteMistake(`page ${number} is not one of a table`);
}

function* rowsOf(
  leaf: SqliteBytes,
  cells: readonly number[],
  pages: SqlitePages,
  columns: number,
): Generator<SqliteValue[]> {
  // Rows that shared bytes would make a small file a large table.
  let leftBytes = leaf.length - leaf.at;
  for (const at of cells) {
    leaf.at = at;
    const row = readRow(leaf, pages);
    leftBytes -= leaf.at - at;
    if (leftBytes < 0) throw new SqliteMistake('rows on one page overlap');
    yield readValues(row, columns);
  }
}

/** The cell of a leaf: its length, its id, and as much of the row as a page holds; then the number of the first overflow page. */
function readRow(leaf: SqliteBytes, pages: SqlitePages): Buffer {
  const rowBytes = leaf.varint();
  if (rowBytes > ROW_LIMIT_BYTES) throw new SqliteMistake(`it has a row of ${rowBytes} bytes`);
  leaf.varint();
  const hereBytes = bytesOnLeaf(rowBytes, pages.usableBytes);
  const pieces = [leaf.take(hereBytes)];
  let leftBytes = rowBytes - hereBytes;
  for (let next = leftBytes > 0 ? leaf.unsigned(4) : 0; leftBytes > 0; ) {
    const page = new SqliteBytes(pages.read(next), 0);
    next = page.unsigned(4);
    const piece = page.take(Math.min(leftBytes, page.length - page.at));
    pieces.push(piece);
    leftBytes -= piece.length;
  }
  return Buffer.concat(pieces);
}

/** The formula of the file format: what remains fills whole overflow pages if a leaf has room for the rest. */
function bytesOnLeaf(rowBytes: number, usableBytes: number): number {
  if (rowBytes <= usableBytes - 35) return rowBytes;
  const least = Math.floor(((usableBytes - 12) * 32) / 255) - 23;
  const wanted = least + ((rowBytes - least) % (usableBytes - 4));
  return wanted <= usableBytes - 35 ? wanted : least;
}

/** A header, which is its own length and the kinds of the values, and the values. */
function readValues(row: Buffer, columns: number): SqliteValue[] {
  const kinds = new SqliteBytes(row, 0);
  const headerBytes = kinds.varint();
  const values = new SqliteBytes(row, headerBytes);
  const read: SqliteValue[] = [];
  while (kinds.at < headerBytes && read.length < columns) read.push(readValue(values, kinds.varint()));
  return read;
}

const [FIRST_BLOB_KIND, FIRST_TEXT_KIND] = [12, 13];
const INTEGER_BYTES = [0, 1, 2, 3, 4, 6];

function readValue(values: SqliteBytes, kind: number): SqliteValue {
  if (kind >= FIRST_BLOB_KIND) {
    const isText = kind % 2 === 1;
    const bytes = values.take((kind - (isText ? FIRST_TEXT_KIND : FIRST_BLOB_KIND)) / 2);
    return isText ? bytes.toString() : bytes;
  }
  const integerBytes = INTEGER_BYTES[kind];
  if (kind === 0) return null;
  if (integerBytes !== undefined) return values.take(integerBytes).readIntBE(0, integerBytes);
  if (kind === 6) return Number(values.take(8).readBigInt64BE());
  if (kind === 7) return values.take(8).readDoubleBE();
  if (kind === 8 || kind === 9) return kind - 8;
  throw new SqliteMistake(`it has a value of the unknown kind ${kind}`);
}
