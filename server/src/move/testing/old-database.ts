import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { DatabaseWriter, openDatabase } from '#db/database.ts';
import { quoted } from '../source-tables.ts';

/** Texts and numbers that a copy could change. */
const TEXTS = [
  '',
  '\\N',
  '\\.',
  'a\tb\nc\r\\d',
  'ü 🚀 \u2028',
  '"quoted", {json: 1}',
  '\b\f\v\u0001\u007f',
  ' ',
  '\\x00ff',
];
const NUMBERS = [0, 1, -1, Number.MAX_SAFE_INTEGER, 1_700_000_000_000];

/** Makes a database with the newest schema and `count` rows in every table, and closes it. Returns the names of its tables. */
export async function makeOldDatabase(file: string, count: number): Promise<string[]> {
  await (await openDatabase(file, await DatabaseWriter.start())).destroy();
  const db = new DatabaseSync(file);
  try {
    db.exec('pragma foreign_keys = off');
    const names = db
      .prepare(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'",
      )
      .all()
      .map(({ name }) => String(name));
    db.exec('begin');
    for (const name of names) fill(db, name, count);
    db.exec('commit; pragma foreign_keys = on');
    const broken = db.prepare('pragma foreign_key_check').all();
    if (broken.length > 0) throw new Error(`rows refer to nothing: ${JSON.stringify(broken[0])}`);
    return names;
  } finally {
    db.close();
  }
}

interface Column {
  name: string;
  type: string;
}

/** Keys of row 7 are 7 or `row-7`, so each row refers to the row of others with its own number. */
function fill(db: DatabaseSync, table: string, count: number): void {
  db.exec(`delete from ${quoted(table)}`);
  const columns = db.prepare('select * from pragma_table_info(?)').all(table) as unknown as Column[];
  const keys = new Set(
    db
      .prepare(
        `select "from" as name from pragma_foreign_key_list(?1) union
         select i.name from pragma_index_list(?1) l, pragma_index_info(l.name) i where l."unique" union
         select name from pragma_table_info(?1) where pk > 0`,
      )
      .all(table)
      .map((row) => String(row.name)),
  );
  const insert = db.prepare(
    `insert into ${quoted(table)} (${columns.map(({ name }) => quoted(name)).join()}) values (${columns.map(() => '?').join()})`,
  );
  const valueIn = ({ name, type }: Column, at: number, row: number): SQLInputValue => {
    const isText = type.toLowerCase().includes('text');
    if (keys.has(name)) return isText ? `row-${row}` : row;
    const values = isText ? TEXTS : NUMBERS;
    return values[(row + at) % values.length] ?? 0;
  };
  for (let row = 1; row <= count; row += 1) insert.run(...columns.map((column, at) => valueIn(column, at, row)));
}
