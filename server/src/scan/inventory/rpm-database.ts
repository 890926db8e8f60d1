import { type FoundPackage, foundPackage, ImageMistake, PACKAGES_LIMIT } from './inventory.ts';
import { SqliteMistake } from './sqlite-pages.ts';
import { readSqliteTable, type SqliteTable } from './sqlite-table.ts';

/*
 * A package in an RPM database is the header of its file without the magic number: two big-endian numbers of 32 bits, the count of
 * entries and the bytes of data; entries of 16 bytes (tag, type, offset, count); data.
 * https://rpm-software-management.github.io/rpm/manual/format_header.html
 */
const TAGS = { name: 1000, version: 1001, release: 1002, epoch: 1003, license: 1014, architecture: 1022, source: 1044 };
const [INT32, STRING, I18N_STRING] = [4, 6, 9];
const ENTRY_BYTES = 16;
const HEADER_LIMIT_BYTES = 64 * 2 ** 20;

/** As RPM creates it; SQLite keeps the statement as it was written. */
const PACKAGES: SqliteTable = {
  name: 'Packages',
  statement: /^CREATE TABLE ['"]?Packages['"]? ?\(hnum INTEGER PRIMARY KEY AUTOINCREMENT, ?blob BLOB NOT NULL\)$/,
  columns: 2,
};

/** Reads a copy of `rpmdb.sqlite`. Throws ImageMistake if it is broken. */
export function readRpmDatabase(file: string): FoundPackage[] {
  const found: FoundPackage[] = [];
  try {
    for (const [, header] of readSqliteTable(file, PACKAGES)) {
      if (!Buffer.isBuffer(header)) throw new ImageMistake('the RPM database is broken: a package is not bytes');
      const read = readRpmHeader(header);
      if (read !== undefined) found.push(read);
      if (found.length > PACKAGES_LIMIT) throw new ImageMistake(`the image has more than ${PACKAGES_LIMIT} packages`);
    }
  } catch (error) {
    if (!(error instanceof SqliteMistake)) throw error;
    throw new ImageMistake(`the RPM database is broken: ${error.message}`, { cause: error });
  }
  return found;
}

/** Public keys are stored among the packages, but are not packages. */
function readRpmHeader(bytes: Buffer): FoundPackage | undefined {
  const values = readEntries(bytes);
  const text = (tag: number) => {
    const value = values.get(tag);
    return typeof value === 'string' ? value : undefined;
  };
  const name = text(TAGS.name);
  if (name === undefined) throw new ImageMistake('the RPM database is broken: a package has no name');
  if (name === 'gpg-pubkey') return undefined;
  const epoch = values.get(TAGS.epoch);
  const version = `${epoch === undefined || epoch === 0 ? '' : `${epoch}:`}${text(TAGS.version)}-${text(TAGS.release)}`;
  const source = text(TAGS.source);
  return foundPackage({
    name,
    version,
    format: 'rpm',
    architecture: text(TAGS.architecture),
    license: text(TAGS.license),
    // `name-version-release.src.rpm`
    source: source === undefined ? undefined : { name: source.split('-').slice(0, -2).join('-') || name, version },
  });
}

function readEntries(bytes: Buffer): Map<number, string | number> {
  const broken = () => new ImageMistake('the RPM database is broken: the header of a package is cut off');
  if (bytes.length < 8 || bytes.length > HEADER_LIMIT_BYTES) throw broken();
  const [count, dataBytes] = [bytes.readUInt32BE(0), bytes.readUInt32BE(4)];
  const dataAt = 8 + count * ENTRY_BYTES;
  if (dataAt + dataBytes > bytes.length) throw broken();
  const wanted = new Set(Object.values(TAGS));
  const values = new Map<number, string | number>();
  for (let at = 8; at < dataAt; at += ENTRY_BYTES) {
    const [tag, type, offset] = [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4), bytes.readUInt32BE(at + 8)];
    if (!wanted.has(tag) || values.has(tag)) continue;
    if (offset >= dataBytes) throw broken();
    const from = dataAt + offset;
    if (type === INT32) values.set(tag, from + 4 <= bytes.length ? bytes.readUInt32BE(from) : 0);
    if (type !== STRING && type !== I18N_STRING) continue;
    const end = bytes.indexOf(0, from);
    if (end < 0) throw broken();
    values.set(tag, bytes.toString('utf8', from, end));
  }
  return values;
}
