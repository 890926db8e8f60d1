import { copyIn, copyOut } from '#db/postgres/postgres-copy.ts';
import { copyText } from './copy-text.ts';
import { MoveRefused } from './move-refused.ts';
import type { MoveTarget } from './move-target.ts';
import { RowSet } from './row-set.ts';
import { quoted, type SourceRow, type SourceTable, type SourceTables, STORED_LOGS } from './source-tables.ts';

/** What rows need to be moved. */
export interface RowMeans {
  source: SourceTables;
  target: MoveTarget;
  /** Called with each value that had a NUL character. */
  replaced: (where: string) => void;
}

/** How far a table is. */
interface TableState {
  rows: number;
  lastRowId: string;
  isDone: boolean;
}

/** Of text; one transaction takes as long as this takes. */
const BATCH_BYTES = 2 ** 20;

/** Copies the rows of all tables. Returns how many there are. */
export async function moveRows(means: RowMeans): Promise<number> {
  const { source, target } = means;
  const tables = source.tables();
  await checkColumns(tables, target);
  if ((await target.progress('rows')) === undefined)
    await target.note('rows', {}, async () => {
      // Some migrations insert rows, and so may an earlier run.
      const names = [...tables.map(({ name }) => name), STORED_LOGS];
      await target.client.query(`truncate ${names.map(quoted).join()}`);
    });
  let count = 0;
  for (const table of tables) count += await moveTable(means, table);
  await target.client.query('analyze');
  return count;
}

/** Reads all rows of both databases. Returns what differs in the first table that does not have the same ones. */
export async function differenceOfRows({ source, target }: RowMeans): Promise<string | undefined> {
  for (const table of source.tables()) {
    const expected = new RowSet();
    for (const row of source.rows(table)) expected.add(textOf(table, row, () => undefined));
    const found = new RowSet();
    const sql = `copy (select ${columnsOf(table)} from ${quoted(table.name)}) to stdout`;
    await copyOut(target.client, sql, (line) => found.add(line));
    if (found.count !== expected.count || found.digest !== expected.digest)
      return `the table ${table.name} has ${found.count} rows with the digest ${found.digest}, and the old one has ${expected.count} with ${expected.digest}`;
  }
  return undefined;
}

/** Both schemas are made by the same migrations, so a difference is a mistake of ours, or of somebody who changed one by hand. */
async function checkColumns(tables: readonly SourceTable[], { client }: MoveTarget): Promise<void> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `select c.relname as table, array_agg(a.attname::text) as columns from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped group by 1`,
  );
  const known = new Map(rows.map(({ table, columns }) => [table, columns.sort().join()]));
  for (const { name, columns } of tables)
    if (known.get(name) !== columns.toSorted().join())
      throw new MoveRefused(
        4,
        `the table ${name} of the old database has the columns ${columns.join(', ')}, and the new one has ${known.get(name) ?? 'no such table'}: one of them was changed by hand`,
      );
}

async function moveTable(means: RowMeans, table: SourceTable): Promise<number> {
  const { source, target } = means;
  const part = `table ${table.name}`;
  const begun = await target.progress<TableState>(part);
  if (begun?.isDone === true) return begun.rows;
  let state: TableState = begun ?? { rows: 0, lastRowId: '', isDone: false };
  // Only their texts: with the rows themselves, memory would be several times as much.
  let texts: string[] = [];
  let bytes = 0;
  let lastRowId = '';
  const send = async () => {
    if (texts.length === 0) return;
    const next = { ...state, rows: state.rows + texts.length, lastRowId };
    await target.note(part, next, () => copyBatch(means, table, state.lastRowId, texts));
    state = next;
    texts = [];
    bytes = 0;
  };
  for (const row of source.rows(table, rowIdOf(state.lastRowId))) {
    const text = textOf(table, row, means.replaced);
    texts.push(text);
    bytes += text.length;
    lastRowId = String(row.rowId);
    if (bytes >= BATCH_BYTES) await send();
  }
  await send();
  await target.note(part, { ...state, isDone: true }, () => continueNumbers(target, table));
  return state.rows;
}

/** Copies the rows that follow `afterRowId` and have these texts. Throws `MoveRefused` that names the first one that PostgreSQL refuses. */
async function copyBatch(
  { source, target }: RowMeans,
  table: SourceTable,
  afterRowId: string,
  texts: readonly string[],
): Promise<void> {
  const { client } = target;
  const sql = `copy ${quoted(table.name)} (${columnsOf(table)}) from stdin`;
  await client.query('savepoint batch');
  try {
    await copyIn(client, sql, Buffer.from(texts.join('')));
  } catch (error) {
    if (!isAboutRow(error)) throw error;
    await client.query('rollback to savepoint batch');
    for (const row of source.rows(table, rowIdOf(afterRowId)).take(texts.length))
      await copyIn(client, sql, Buffer.from(textOf(table, row, () => undefined))).catch((cause: Error) => {
        throw new MoveRefused(
          4,
          `${nameOf(table, row)} cannot be stored in PostgreSQL (${cause.message}); correct this row of the old database, then run the same command with --restart`,
          { cause },
        );
      });
    throw error;
  }
}

/** Undefined before the first row. */
function rowIdOf(text: string): bigint | undefined {
  return text === '' ? undefined : BigInt(text);
}

/** Data exceptions, and violated constraints: https://www.postgresql.org/docs/15/errcodes-appendix.html */
function isAboutRow(error: unknown): boolean {
  return /^2[23]/.test(String((error as { code?: unknown }).code));
}

/** The next row gets the number that it would get in the old database. */
async function continueNumbers({ client }: MoveTarget, { name, lastNumber }: SourceTable): Promise<void> {
  if (lastNumber === undefined || lastNumber < 1n) return;
  const { rows } = await client.query<{ column: string }>(
    "select attname as column from pg_attribute where attrelid = $1::regclass and attidentity <> ''",
    [quoted(name)],
  );
  const column = rows[0]?.column;
  if (column === undefined) throw new Error(`the table ${name} numbers its rows in one database only`);
  await client.query('select setval(pg_get_serial_sequence($1, $2), $3)', [quoted(name), column, String(lastNumber)]);
}

function textOf(table: SourceTable, row: SourceRow, replaced: (where: string) => void): string {
  const jsonColumn = table.name === 'event' ? table.columns.indexOf('body') : undefined;
  return copyText(row.values, {
    jsonColumn,
    replaced: (column) => replaced(`${nameOf(table, row)}, ${table.columns[column]}`),
  });
}

function columnsOf({ columns }: SourceTable): string {
  return columns.map(quoted).join();
}

/** `build_record sequence=7` */
function nameOf({ name, columns, key }: SourceTable, { values }: SourceRow): string {
  const shown = key.map((column) => `${column}=${String(values[columns.indexOf(column)])}`);
  return `${name} ${shown.join(' ').slice(0, NAME_CHARS)}`;
}

const NAME_CHARS = 200;
