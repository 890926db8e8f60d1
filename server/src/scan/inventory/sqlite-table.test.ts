import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { SqliteMistake } from './sqlite-pages.ts';
import { readSqliteTable, type SqliteValue } from './sqlite-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-sqlite-'));
after(() => rmSync(folder, { recursive: true }));
const FILE = join(folder, 'db');
const TABLE = { name: 't', statement: /^CREATE TABLE t\(/, columns: 3 };
const DAMAGED_FILES = process.env.SLIPWAY_TEST_LONG === '1' ? 3000 : 300;

/** Makes a database with SQLite; returns what `ask` returns. */
function make<T>(before: string, ask: (db: DatabaseSync) => T): T {
  rmSync(FILE, { force: true });
  const db = new DatabaseSync(FILE);
  db.exec(`PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; ${before}`);
  try {
    return ask(db);
  } finally {
    db.close();
  }
}

function insert(db: DatabaseSync, rows: readonly (readonly SQLInputValue[])[]): void {
  const statement = db.prepare('INSERT INTO t VALUES (NULL, ?, ?)');
  db.exec('BEGIN');
  for (const row of rows) statement.run(...row);
  db.exec('COMMIT');
}

const rowsOf = (file = FILE, table = TABLE): SqliteValue[][] => [...readSqliteTable(file, table)];

test('reads the rows that SQLite wrote: every size of page, of row and of value, also after rows were removed', () => {
  const value = fc.oneof(
    fc.maxSafeInteger().map(BigInt),
    fc.constantFrom(0n, 1n, -1n, 127n, -129n, 32_768n, -8_388_609n, 2n ** 31n, 2n ** 47n, -(2n ** 52n)),
    fc.double({ noNaN: true }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.nat(9000).map((length) => Buffer.alloc(length, 'row')),
    fc.constant(null),
  );
  const database = fc.record({
    pageBytes: fc.constantFrom(512, 1024, 4096, 65_536),
    vacuum: fc.constantFrom('NONE', 'FULL'),
    rows: fc.array(fc.tuple(value, value), { maxLength: 120 }),
    removed: fc.nat(4),
  });
  fc.assert(
    fc.property(database, ({ pageBytes, vacuum, rows, removed }) => {
      const written = make(`PRAGMA page_size = ${pageBytes}; PRAGMA auto_vacuum = ${vacuum}`, (db) => {
        db.exec('CREATE TABLE other (a UNIQUE); CREATE TABLE t(id INTEGER PRIMARY KEY, a, b)');
        insert(db, rows);
        if (removed > 1) db.exec(`DELETE FROM t WHERE id % ${removed} = 0`);
        return db.prepare('SELECT a, b FROM t ORDER BY id').all();
      });
      const shown = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value) : value);
      assert.deepEqual(
        rowsOf(),
        written.map(({ a, b }) => [null, shown(a), shown(b)]),
      );
    }),
    { numRuns: 60 },
  );
});

test('reads a tree of many pages in the order of its rows', () => {
  make('PRAGMA page_size = 512', (db) => {
    db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, a, b)');
    insert(
      db,
      Array.from({ length: 5000 }, (_, index) => [`row ${index}`, null]),
    );
  });
  const rows = rowsOf();
  assert.deepEqual([rows.length, rows.at(0)?.[1], rows.at(-1)?.[1]], [5000, 'row 0', 'row 4999']);
});

test('names what is wrong with a table that is missing, is a view, or has other columns, and with other formats', () => {
  const cases: [string, string, RegExp][] = [
    ['', 'CREATE TABLE u (a)', /it has no table t$/],
    ['', 'CREATE VIEW t AS SELECT 1', /t is not the expected table/],
    ['', 'CREATE TABLE t (other)', /t is not the expected table/],
    ['', 'CREATE TABLE t(a PRIMARY KEY, b) WITHOUT ROWID', /page 2 is not one of a table/],
    ["PRAGMA encoding = 'UTF-16'", 'CREATE TABLE t(a)', /its texts are not UTF-8/],
  ];
  for (const [before, sql, words] of cases) {
    make(before, (db) => db.exec(sql));
    assert.throws(() => rowsOf(), words, sql);
  }
  writeFileSync(FILE, Buffer.alloc(4096));
  assert.throws(() => rowsOf(), /it is not an SQLite database/);
  writeFileSync(FILE, 'SQLite format 3\0');
  assert.throws(() => rowsOf(), /it is cut off/);
});

const PAGE_BYTES = 512;
const [INTERIOR, LEAF] = [0x05, 0x0d];
const SHARED_AT = 380;

/** A table of many rows, the first and last of which has overflow pages. */
function makeLarge(): void {
  make(`PRAGMA page_size = ${PAGE_BYTES}`, (db) => {
    db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, a, b)');
    const small = Array.from({ length: 100 }, (_, index) => [index, 'small']);
    insert(db, [['large', Buffer.alloc(3000, 1)], ...small, ['large', Buffer.alloc(3000, 2)]]);
  });
}

const pageAt = (page: number) => (page - 1) * PAGE_BYTES;

test('a file whose pages or rows lead back to themselves ends with a mistake', () => {
  makeLarge();
  const whole = readFileSync(FILE);
  let loops = 0;
  for (let page = 2; pageAt(page) < whole.length; page += 1) {
    const bytes = Buffer.from(whole);
    const isTree = [INTERIOR, LEAF].includes(bytes[pageAt(page)] ?? 0);
    const nextAt = pageAt(page) + (isTree ? 8 : 0);
    if (bytes.readUInt32BE(nextAt) === 0) continue;
    bytes.writeUInt32BE(page, nextAt);
    if (isTree) bytes[pageAt(page)] = INTERIOR;
    writeFileSync(FILE, bytes);
    assert.throws(() => rowsOf(), SqliteMistake, `page ${page}`);
    loops += 1;
  }
  assert.ok(loops > 10);
});

test('a file whose tree has the same page many times ends with a mistake', () => {
  makeLarge();
  const bytes = readFileSync(FILE);
  const root = bytes.subarray(pageAt(2), pageAt(3));
  assert.equal(root[0], INTERIOR);
  for (let cell = 0; cell < root.readUInt16BE(3); cell += 1)
    root.writeUInt32BE(root.readUInt32BE(8), root.readUInt16BE(12 + cell * 2));
  writeFileSync(FILE, bytes);
  assert.throws(() => rowsOf(), /it uses page \d+ twice/);
});

test('a file whose rows share their bytes ends with a mistake', () => {
  makeLarge();
  const bytes = readFileSync(FILE);
  for (let page = 2; pageAt(page) < bytes.length; page += 1) {
    const leaf = bytes.subarray(pageAt(page), pageAt(page + 1));
    if (leaf[0] !== LEAF || leaf.readUInt16BE(3) < 5) continue;
    // All rows are the one before the last, which reaches over those after it.
    for (let cell = 0; cell < leaf.readUInt16BE(3); cell += 1) leaf.writeUInt16BE(SHARED_AT, 8 + cell * 2);
    leaf[SHARED_AT] = 120;
  }
  writeFileSync(FILE, bytes);
  assert.throws(() => rowsOf(), /rows on one page overlap/);
});

test('a row that would not fit in memory is not read', () => {
  makeLarge();
  const bytes = readFileSync(FILE);
  const root = pageAt(2);
  const first = pageAt(bytes.readUInt32BE(root + bytes.readUInt16BE(root + 12)));
  assert.equal(bytes[first], LEAF);
  // Its length is now eight bytes of ones and a ninth.
  const row = first + bytes.readUInt16BE(first + 8);
  bytes.fill(0xff, row, row + 9);
  writeFileSync(FILE, bytes);
  assert.throws(() => rowsOf(), /it has a row of 18446744073709552000 bytes/);
});

test('a damaged file gives rows or a mistake, no more bytes than it has, and never another error', () => {
  makeLarge();
  const whole = readFileSync(FILE);
  const damage = fc.record({
    edits: fc.array(
      fc.record({
        page: fc.nat(whole.length / PAGE_BYTES - 1),
        // Most of what leads somewhere is at the beginning of a page.
        at: fc.oneof(fc.nat(40), fc.nat(PAGE_BYTES - 1)),
        byte: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 0x05, 0x0d, 0x7f, 0x80, 0xff)),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    kept: fc.oneof(fc.constant(whole.length), fc.nat(whole.length)),
  });
  let [read, refused] = [0, 0];
  fc.assert(
    fc.property(damage, ({ edits, kept }) => {
      const bytes = Buffer.from(whole);
      for (const { page, at, byte } of edits) bytes[page * PAGE_BYTES + at] = byte;
      writeFileSync(FILE, bytes.subarray(0, kept));
      try {
        const sizes = rowsOf().flatMap((row) => row.map((value) => (Buffer.isBuffer(value) ? value.length : 0)));
        assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= kept);
        read += 1;
      } catch (error) {
        if (!(error instanceof SqliteMistake)) throw error;
        refused += 1;
      }
    }),
    { numRuns: DAMAGED_FILES },
  );
  assert.ok(read > 0 && refused > 0);
});
