import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Logbook } from '@slipway/logbook';
import { secretBox } from '#account/secret-box.ts';
import { KEY_CHECK } from '#db/schema/account-schema.ts';
import { makeOldDatabase } from './old-database.ts';

/** How much is in an old folder. */
export interface OldFolderSize {
  /** Of each table; there is a log for each build. */
  rows: number;
  images: number;
  /** Of one layer of each of the first images; other layers are small. */
  layerBytes: number;
  largeImages: number;
}

/** Makes the data folder of a stopped server, in which every table has rows, every build a log, and every image two layers. */
export async function makeOldFolder(
  root: string,
  { rows, images, layerBytes, largeImages }: OldFolderSize,
): Promise<void> {
  for (const part of ['db', 'logs', 'run', 'registry/storage/docker/registry/v2/repositories', 'nonces', 'work'])
    mkdirSync(join(root, part), { recursive: true });
  const key = randomBytes(32);
  write(root, 'secret.key', `${key.toString('hex')}\n`);
  write(root, 'root.json', JSON.stringify({ AccountId: '1', InstanceId: 'row-1' }));
  // As a server leaves it.
  const lock = new DatabaseSync(join(root, 'run', 'lock.sqlite'));
  lock.exec('pragma journal_mode = memory; begin exclusive; commit');
  lock.close();
  const file = join(root, 'db', 'slipway.sqlite');
  await makeOldDatabase(file, rows);
  const db = new DatabaseSync(file);
  const sealed = secretBox(key).seal(`server_secret/${KEY_CHECK}`, KEY_CHECK);
  db.prepare('insert into server_secret (name, sealed) values (?, ?)').run(KEY_CHECK, sealed);
  db.close();
  await writeLogs(root, rows);
  write(root, 'blobs/sources/sent-1', randomBytes(100_000));
  write(root, 'blobs/sources/empty', '');
  write(root, 'blobs/charts/chart-1', 'a chart');
  write(root, 'blobs/sources/half.partial', 'half');
  write(root, 'blobs/conversions/work', 'work');
  for (let image = 1; image <= images; image += 1) writeImage(root, image, image <= largeImages ? layerBytes : 10_000);
  write(root, `${REGISTRY}/repositories/team/app-1/_uploads/1234/data`, 'half');
}

const REGISTRY = 'registry/storage/docker/registry/v2';

async function writeLogs(root: string, count: number): Promise<void> {
  const logbook = await Logbook.open({ folder: join(root, 'logs') });
  for (let log = 1; log <= count; log += 1) {
    const writer = await logbook.create(`row-${log}`);
    for (let line = 1; line <= 50; line += 1)
      await writer.line(`line ${line} of ${log} ${randomBytes(8).toString('hex')}`);
    await writer.seal({ verdict: 'complete' });
  }
  await logbook.close();
}

function writeImage(root: string, image: number, layerBytes: number): void {
  const folder = `${REGISTRY}/repositories/team/app-${image}`;
  const layers = [randomBytes(layerBytes), randomBytes(1000)].map((bytes) => writeBlob(root, bytes));
  const manifest = writeBlob(root, Buffer.from(JSON.stringify(layers)));
  for (const layer of layers) write(root, `${folder}/_layers/sha256/${layer}/link`, `sha256:${layer}`);
  write(root, `${folder}/_manifests/revisions/sha256/${manifest}/link`, `sha256:${manifest}`);
  // A crash can leave one empty.
  write(root, `${folder}/_manifests/tags/v1..2_x/index/sha256/${manifest}/link`, '');
  write(root, `${folder}/_manifests/tags/v1..2_x/current/link`, `sha256:${manifest}`);
}

/** Returns its digest in hex. */
function writeBlob(root: string, bytes: Buffer): string {
  const hex = createHash('sha256').update(bytes).digest('hex');
  write(root, `${REGISTRY}/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`, bytes);
  return hex;
}

function write(root: string, path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** Every file of a folder with its digest. */
export async function digestsBelow(root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const hash = createHash('sha256');
    const path = join(entry.parentPath, entry.name);
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    files.set(path.slice(root.length + 1), hash.digest('hex'));
  }
  return files;
}
