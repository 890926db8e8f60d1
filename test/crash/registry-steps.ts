/*
 * The contents of a registry in a folder, without its port: `node registry-steps.ts FOLDER ACT [STEP]` does one act (a push, a sweep,
 * a collection or a copy), and kills itself at a step of it. `check` settles what a death left, collects what nothing uses, and
 * prints what is there as one line of JSON.
 */
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseWriter, openDatabase } from '../../server/src/db/database.ts';

import { deleteTag } from '../../server/src/image/change-tag.ts';
import { noBuild } from '../../server/src/image/testing/pushed-image.ts';
import { insertInstance } from '../../server/src/instance/instance-store.ts';
import { ensureNamespace } from '../../server/src/namespace/namespace-store.ts';
import { Garbage } from '../../server/src/registry/contents/garbage.ts';
import { PushGate } from '../../server/src/registry/contents/push-gate.ts';
import { pushManifest, settlePushes } from '../../server/src/registry/contents/push-manifest.ts';
import { copyImage } from '../../server/src/registry/copy/copy-image.ts';
import { ownSource, ownTarget } from '../../server/src/registry/copy/own-copy.ts';
import { childBlobs } from '../../server/src/registry/distribution/child-blobs.ts';
import { childRegistry } from '../../server/src/registry/distribution/child-registry.ts';
import { ChildStorage } from '../../server/src/registry/distribution/child-storage.ts';
import { folderCollector } from '../../server/src/registry/distribution/collect-layers.ts';
import { startDistribution } from '../../server/src/registry/distribution/distribution.ts';
import { openSigningKey } from '../../server/src/registry/tokens/signing-key.ts';
import { ensureRepository, getRepositoryByName } from '../../server/src/repository/repository-store.ts';
import { digestOf, smallImage } from '../support/images/small-image.ts';

const [folder = '', act = '', step = ''] = process.argv.slice(2);
const IDS = { issuer: 'slipway', service: 'registry.test' };
const INSTANCE = 'cri-1';
const TIMES = { createdMs: 1, modifiedMs: 1 };
const { signal } = new AbortController();

/** Dies at the step that this process was started for. */
function at(name: string): void {
  if (name === step) process.kill(process.pid, 'SIGKILL');
}

const isNew = !existsSync(join(folder, 'slipway.db'));
const unsaid = () => undefined;
const key = await openSigningKey(join(folder, 'keys'), (make) => make());
const distribution = await startDistribution({
  folder: join(folder, 'registry'),
  certificateFile: key.certificateFile,
  httpSecret: 'a secret',
  tokenRealm: 'http://placeholder.invalid/token',
  issuer: IDS.issuer,
  service: IDS.service,
  log: { debug: unsaid, info: unsaid, warn: unsaid, error: unsaid },
});
const db = await openDatabase(join(folder, 'slipway.db'), await DatabaseWriter.start());
const storage = new ChildStorage(join(folder, 'registry'));
const address = {
  url: () => distribution.url,
  links: storage,
  key,
  issuer: IDS.issuer,
  service: IDS.service,
  now: Date.now,
};
const realChild = childRegistry(address);
const realBlobs = childBlobs(address);
let deletions = 0;
const child: typeof realChild = {
  readManifest: realChild.readManifest,
  async putManifest(repository, sent) {
    at('begun');
    const answer = await realChild.putManifest(repository, sent);
    at('sent');
    return answer;
  },
  async deleteManifest(repository, digest) {
    at(deletions === 0 ? 'marked' : 'first forgotten');
    await realChild.deleteManifest(repository, digest);
    deletions += 1;
    at('deleted');
  },
};
const blobs: typeof realBlobs = {
  has: realBlobs.has,
  read: realBlobs.read,
  async mount(repository, digest, from, abort) {
    const isMounted = await realBlobs.mount(repository, digest, from, abort);
    at('layer');
    return isMounted;
  },
  write: realBlobs.write,
};
const gate = new PushGate(() => performance.now(), { layerMs: 0, manifestMs: 0 });
const own = { db, fence: noBuild, instanceId: INSTANCE, child, blobs, gate, now: Date.now };

if (isNew) await prepare();
if (act === 'push') await push('app', 'v1', 'second');
if (act === 'sweep' || act === 'collect') {
  const { repoId } = await getRepositoryByName(db, INSTANCE, 'team', 'app');
  for (const tag of ['old-1', 'old-2']) await deleteTag(db, repoId, tag, { by: 'me', nowMs: Date.now() - 1 });
  await sleep(5);
  const { failure } = await garbage().collect(0);
  if (failure !== undefined) throw new Error(failure);
}
if (act === 'copy') {
  const source = ownSource(own, { namespaceName: 'team', name: 'app' });
  const target = ownTarget(own, { namespaceName: 'team', name: 'copy' }, { by: 'me', origin: 'sync' });
  await copyImage({ source, target }, { reference: 'v1', tag: 'v1' }, { signal });
}
if (act === 'check') await check();
at('ended');
await db.destroy();
await distribution.close();
process.exit(0);

function garbage(): Garbage {
  const collector = folderCollector(distribution.configFile, storage);
  return new Garbage(
    {
      db,
      child,
      gate,
      now: Date.now,
      collector: {
        async find() {
          const found = await collector.find();
          at('looked');
          return found;
        },
        async remove() {
          if (step === 'collecting') setTimeout(() => at('collecting'), 5);
          const removed = await collector.remove();
          at('collected');
          return removed;
        },
      },
      monotonicMs: () => performance.now(),
      unlessBackup: (remove) => remove(),
      report: (message, error) => process.stderr.write(`${message}: ${error}\n`),
    },
    0,
  );
}

async function prepare(): Promise<void> {
  await insertInstance(db, {
    instanceId: INSTANCE,
    name: 'test',
    regionId: 'local',
    status: 'RUNNING',
    createdMs: 1,
    modifiedMs: 1,
  });
  const settings = { defaultRepoType: 'PRIVATE', defaultTagImmutability: false, status: 'NORMAL' } as const;
  const namespace = { namespaceId: 'crn-1', instanceId: INSTANCE, name: 'team', autoCreateRepo: false };
  await ensureNamespace(db, Object.assign(namespace, settings, TIMES));
  for (const name of ['app', 'copy']) {
    const words = {
      type: 'PRIVATE',
      summary: '',
      detail: undefined,
      tagImmutability: false,
      status: 'NORMAL',
    } as const;
    const made = { repoId: `crr-${name}`, instanceId: INSTANCE, namespaceName: 'team', name };
    await ensureRepository(db, Object.assign(made, words, TIMES));
  }
  for (const [tag, text] of [
    ['v1', 'first'],
    ['kept', 'kept'],
    ['old-1', 'old 1'],
    ['old-2', 'old 2'],
  ] as const)
    await push('app', tag, text);
}

async function push(name: string, tag: string, text: string): Promise<void> {
  const { manifest, blobs } = smallImage(Buffer.from(text), text);
  for (const { digest, bytes } of blobs)
    await realBlobs.write(`team/${name}`, digest, Readable.from([bytes], { objectMode: false }), signal);
  const { bytes, mediaType: contentType } = manifest;
  const pushed = { instanceId: INSTANCE, repository: `team/${name}`, reference: tag, bytes, contentType };
  await pushManifest(own, Object.assign(pushed, { by: 'me', origin: 'push' as const }));
}

/** What is tagged and pulls whole, and how much is left beside it, after what a server does at its start and the next collections. */
async function check(): Promise<void> {
  const faults: string[] = [];
  await settlePushes(own, Number.POSITIVE_INFINITY, (message, error) => faults.push(`${message}: ${error}`));
  await sleep(5);
  for (let round = 0; round < 2; round += 1) {
    const { failure } = await garbage().collect(0);
    if (failure !== undefined) faults.push(failure);
  }
  const tags: Record<string, string> = {};
  const needed = new Set<string>();
  for (const row of await db.selectFrom('tag').select(['repo_id', 'name', 'digest']).execute()) {
    const repository = `team/${row.repo_id.replace('crr-', '')}`;
    const manifest = await realChild.readManifest(repository, row.digest);
    if (manifest === undefined || digestOf(manifest.bytes) !== row.digest) faults.push(`${row.name} does not pull`);
    const { config, layers } = JSON.parse(String(manifest?.bytes ?? '{"layers":[]}'));
    needed.add(row.digest);
    for (const { digest } of config === undefined ? [] : [config, ...layers]) {
      needed.add(digest);
      const body = await realBlobs.read(repository, digest, signal);
      const bytes = body === undefined ? Buffer.alloc(0) : Buffer.concat(await body.toArray());
      if (digestOf(bytes) !== digest) faults.push(`${row.name}: ${digest} does not pull`);
    }
    tags[`${repository}:${row.name}`] = JSON.parse(String(await storage.readBlob(config?.digest, 10_000))).text;
  }
  const files = globSync('registry/storage/docker/registry/v2/blobs/sha256/*/*/data', { cwd: folder });
  const stored = files.map((file) => `sha256:${file.split('/').at(-2)}`);
  const leaked = stored.filter((digest) => !needed.has(digest));
  const open = await db.selectFrom('manifest_push').select('digest').execute();
  const leaving = await db.selectFrom('manifest').select('digest').where('state', '!=', 'kept').execute();
  process.stdout.write(`${JSON.stringify({ tags, leaked, open: open.length, leaving: leaving.length, faults })}\n`);
}
