import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What Go writes into a program, somewhere in bytes that begin like one. */
export function goProgram(version: string, modules: string): Buffer {
  const header = Buffer.alloc(32);
  header.write('\xff Go buildinf:', 'latin1');
  header[14] = 8;
  header[15] = 2;
  const mark = Buffer.alloc(16, 0x33);
  const info = Buffer.concat([mark, Buffer.from(modules), mark]);
  const sized = (text: Buffer) => Buffer.concat([varint(text.length), text]);
  const start = Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(100_000)]);
  // The first one has no texts: programs that read others hold the mark too.
  return Buffer.concat([
    start,
    Buffer.from('\xff Go buildinf:', 'latin1'),
    Buffer.alloc(50),
    header,
    sized(Buffer.from(version)),
    sized(info),
    Buffer.alloc(70_000),
  ]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** An RPM database of some packages. */
export function rpmDatabase(
  folder: string,
  packages: readonly { name: string; version: string; release: string; epoch: number; source: string }[],
): Buffer {
  const file = join(folder, 'made.sqlite');
  const db = new DatabaseSync(file);
  // As RPM does.
  db.exec('PRAGMA journal_mode = WAL');
  db.exec("CREATE TABLE IF NOT EXISTS 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)");
  for (const { name, version, release, epoch, source } of packages)
    db.prepare('INSERT INTO Packages (blob) VALUES (?)').run(
      rpmHeader([
        [1000, name],
        [1001, version],
        [1002, release],
        [1003, epoch],
        [1044, source],
      ]),
    );
  db.close();
  const bytes = readFileSync(file);
  rmSync(file);
  return bytes;
}

function rpmHeader(values: readonly (readonly [tag: number, value: string | number])[]): Buffer {
  const entries: Buffer[] = [];
  let data: Buffer = Buffer.alloc(0);
  for (const [tag, value] of values) {
    const isText = typeof value === 'string';
    const entry = Buffer.alloc(16);
    for (const [at, number] of [tag, isText ? 6 : 4, data.length, 1].entries()) entry.writeUInt32BE(number, at * 4);
    entries.push(entry);
    const bytes = Buffer.alloc(4);
    if (!isText) bytes.writeUInt32BE(value);
    data = Buffer.concat([data, isText ? Buffer.from(`${value}\0`) : bytes]);
  }
  const start = Buffer.alloc(8);
  start.writeUInt32BE(entries.length);
  start.writeUInt32BE(data.length, 4);
  return Buffer.concat([start, ...entries, data]);
}
