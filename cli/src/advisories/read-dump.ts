import { open, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { type Advisory, isObject, objectsOf, type ReadAdvisories } from './advisory.ts';
import { alpineBranch, isAlpineSecdb, readAlpineSecdb } from './alpine-secdb.ts';
import { isDebianTracker, readDebianTracker } from './debian-tracker.ts';
import { isOsv, readOsv } from './osv.ts';
import { zipTexts } from './zip-file.ts';

/** The advisories of a file, read. */
export interface Dump {
  name: string;
  source: 'OSV' | 'DEBIAN' | 'ALPINE';
  /** How new they are: as the file says, else when it was written. */
  dataMs: number;
  advisories: Advisory[];
}

const MEMBER_LIMIT_BYTES = 64 * 2 ** 20;
const GZIP = [0x1f, 0x8b];
const ZIP = [0x50, 0x4b];

/**
 * Reads the dump of a vulnerability database: an export of OSV (`all.zip`, or JSON of one or several), the JSON of Debian's security
 * tracker, or a file of Alpine's secdb; JSON may be gzipped. Throws CliError for any other file.
 */
export async function readDump(path: string): Promise<Dump> {
  const writtenMs = Math.trunc((await stat(path).catch(unreadable(path))).mtimeMs);
  if ((await firstBytes(path)).equals(Buffer.from(ZIP))) return readOsvZip(path, writtenMs);
  const json = await readJson(path);
  const of = (name: string, source: Dump['source'], read: ReadAdvisories): Dump => ({
    name,
    source,
    dataMs: read.dataMs ?? writtenMs,
    advisories: read.advisories,
  });
  if (isObject(json) && isAlpineSecdb(json)) return of(`alpine ${alpineBranch(json)}`, 'ALPINE', readAlpineSecdb(json));
  if (isObject(json) && isOsv(json)) return of(osvName(path, [json]), 'OSV', readOsv(json));
  if (isObject(json) && isDebianTracker(json)) return of('debian tracker', 'DEBIAN', readDebianTracker(json));
  const several = objectsOf(json);
  if (several.length > 0 && several.every(isOsv)) {
    const read = several.map(readOsv);
    return of(osvName(path, several), 'OSV', {
      advisories: read.flatMap(({ advisories }) => advisories),
      dataMs: newest(read),
    });
  }
  throw new CliError(
    EXIT_CODES.usage,
    `${path} is not a dump that can be imported; it must be an export of OSV (all.zip), the JSON of Debian's security tracker, or a file of Alpine's secdb`,
  );
}

async function readOsvZip(path: string, writtenMs: number): Promise<Dump> {
  const read: ReadAdvisories[] = [];
  const ecosystems = new Set<string>();
  for await (const { name, text } of zipTexts(path, MEMBER_LIMIT_BYTES)) {
    if (!name.endsWith('.json')) continue;
    const json = parse(text, `${name} in ${path}`);
    if (!isObject(json) || !isOsv(json))
      throw new CliError(EXIT_CODES.usage, `${name} in ${path} is not an entry of OSV`);
    read.push(readOsv(json));
    for (const ecosystem of ecosystemsOf(json)) ecosystems.add(ecosystem);
  }
  const advisories = read.flatMap((each) => each.advisories);
  return { name: nameOf(path, ecosystems), source: 'OSV', dataMs: newest(read) ?? writtenMs, advisories };
}

function newest(read: readonly ReadAdvisories[]): number | undefined {
  return read.reduce<number | undefined>(
    (last, { dataMs }) => (last === undefined || (dataMs ?? 0) > last ? dataMs : last),
    undefined,
  );
}

function osvName(path: string, entries: readonly Record<string, unknown>[]): string {
  return nameOf(path, new Set(entries.flatMap(ecosystemsOf)));
}

/** An export is of one ecosystem, of which Debian:12 is a part; entries name some others too. */
function nameOf(path: string, ecosystems: ReadonlySet<string>): string {
  const [only] = ecosystems;
  return `osv ${ecosystems.size === 1 && only !== undefined ? only : basename(path)}`;
}

function ecosystemsOf(json: Record<string, unknown>): string[] {
  return objectsOf(json.affected).flatMap((affected) => {
    const ecosystem = isObject(affected.package) ? affected.package.ecosystem : undefined;
    return typeof ecosystem === 'string' ? [ecosystem.split(':', 1)[0] ?? ''] : [];
  });
}

async function readJson(path: string): Promise<unknown> {
  const bytes = await readFile(path).catch(unreadable(path));
  const isGzip = bytes.subarray(0, 2).equals(Buffer.from(GZIP));
  return parse((isGzip ? gunzipSync(bytes) : bytes).toString(), path);
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError(EXIT_CODES.usage, `${what} is not JSON`);
  }
}

async function firstBytes(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return buffer.subarray(0, bytesRead);
}

function unreadable(path: string): (error: NodeJS.ErrnoException) => never {
  return ({ code }) => {
    throw new CliError(EXIT_CODES.usage, `${path} cannot be read (${code ?? 'no reason given'})`);
  };
}
