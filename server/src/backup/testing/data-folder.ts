import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { Logbook } from '@slipway/logbook';
import type { BackupTarget } from '../backup-place.ts';
import { blobPath } from '../list-data.ts';
import { makeBackup } from '../make-backup.ts';
import { openTarget, scratchOf } from '../open-backup.ts';

const SCHEMA = `
  create table kysely_migration (name text, timestamp text);
  insert into kysely_migration values ('0001-first-tables', '');
  create table build_record (build_record_id text, status text, ended_ms integer, log_expired_ms integer);
  create table repository (repo_id text, namespace_name text, name text);
  create table manifest (repo_id text, digest text, blobs text);
  insert into repository values ('crr-1', 'team', 'app');
  create table server_secret (name text, sealed text);
  insert into server_secret values ('key-check', 'v1.sealed');
`;

/** A data folder with the tables that a backup reads: one sealed log, one running log, and an image with two layers. */
export interface DataFolderUnderTest {
  root: string;
  db: DatabaseSync;
  layers: string[];
  /** Adds an image with these layers. */
  push(image: string, layers: readonly string[]): void;
}

export async function dataFolder(context: TestContext): Promise<DataFolderUnderTest> {
  const root = join(temporaryFolder(context), 'data');
  for (const part of ['db', 'logs', 'blobs/sources', 'run', 'sandbox'])
    mkdirSync(join(root, part), { recursive: true });
  const db = new DatabaseSync(join(root, 'db', 'slipway.sqlite'));
  context.after(() => db.close());
  db.exec(`pragma journal_mode = wal; ${SCHEMA}`);
  const logbook = await Logbook.open({ folder: join(root, 'logs') });
  context.after(() => logbook.close());
  for (const [id, status] of [
    ['log-sealed', 'SUCCESS'],
    ['log-running', 'BUILDING'],
  ] as const) {
    const writer = await logbook.create(id);
    for (let line = 1; line <= 200; line += 1) await writer.line(`line ${line} of ${id}`);
    if (status === 'SUCCESS') await writer.seal({ verdict: 'complete' });
    else await writer.committed();
    db.prepare('insert into build_record values (?, ?, ?, null)').run(id, status, status === 'SUCCESS' ? 1 : null);
  }
  writeFileSync(
    join(root, 'root.json'),
    JSON.stringify({ AccountId: '1', InstanceId: 'cri-1', Endpoint: 'http://127.0.0.1:1' }),
  );
  writeFileSync(join(root, 'secret.key'), 'the key of the secrets');
  writeFileSync(join(root, 'node.json'), '{}\n');
  writeFileSync(join(root, 'blobs', 'sources', 'sent'), 'a sent folder');
  writeFileSync(join(root, 'sandbox', 'store.img'), 'a cache');
  const push = (image: string, layers: readonly string[]) => {
    const digests = layers.map((layer) => writeBlob(root, layer));
    const digest = writeBlob(root, image);
    const blobs = JSON.stringify(digests.map((each) => [each, 1]));
    db.prepare('insert into manifest values (?, ?, ?)').run('crr-1', digest, blobs);
  };
  const layers = ['the first layer', 'the second layer'];
  push('a manifest', layers);
  return { root, db, layers, push };
}

/** Backs up a data folder; returns what was done. */
export async function backUp(
  root: string,
  place: string,
  options: { since?: string[]; secretKeyFile?: string; target?: BackupTarget } = {},
) {
  const target = options.target ?? (await openTarget(place, options.since ?? []));
  const { secretKeyFile } = options;
  return makeBackup({
    root,
    target,
    scratch: scratchOf(place, () => dirname(root)),
    secretKeyFile,
    version: '1.0.0',
    now: Date.now,
    say: () => undefined,
  });
}

/** The files below a folder with their content. */
export function contentOf(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
    if (statSync(join(folder, name)).isFile()) found.set(name, readFileSync(join(folder, name), 'latin1'));
  return found;
}

export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-backup-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function writeBlob(root: string, content: string): string {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const file = join(root, blobPath(digest));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return digest;
}
