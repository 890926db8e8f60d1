import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { Logbook } from '@slipway/logbook';
import { KEY_CHECK } from '#db/schema/account-schema.ts';
import { lockFile, Removals } from './backup-lock.ts';
import { manifestText, parseManifest } from './manifest.ts';
import { openFolderTarget } from './object-folder.ts';
import { openSource } from './open-backup.ts';
import { PAUSED } from './paused.ts';
import { restoreBackup } from './restore-backup.ts';
import { backUp, contentOf, dataFolder, temporaryFolder } from './testing/data-folder.ts';
import { UNFINISHED } from './unfinished-restore.ts';
import { verifyBackup } from './verify-backup.ts';

for (const form of ['folder', 'backup.tar'])
  test(`a backup has the database, logs, images and sent folders, and no caches or keys (${form})`, async (context) => {
    const { root } = await dataFolder(context);
    const place = join(temporaryFolder(context), form);
    await backUp(root, place);
    assert.deepEqual((await verified(place)).problems, []);
    const restored = await restore(context, place);
    const found = contentOf(restored);
    assert.ok(found.has('db/slipway.sqlite') && found.has('blobs/sources/sent'));
    assert.ok(
      !found.has('secret.key') &&
        !found.has('node.json') &&
        ![...found.keys()].some((path) => /^(sandbox|run)\//.test(path)),
    );
    for (const [path, content] of contentOf(join(root, 'registry')))
      assert.equal(found.get(`registry/${path}`), content, path);
    assert.equal([...found.keys()].filter((path) => path.endsWith('/link')).length, 3);
    const logbook = await Logbook.open({ folder: join(restored, 'logs') });
    context.after(() => logbook.close());
    for (const [id, sealed] of [
      ['log-sealed', true],
      ['log-running', false],
    ] as const) {
      assert.deepEqual(await logbook.verify(id), { sealed, lineCount: 200, damage: [] });
      assert.equal((await logbook.lines(id, 199))[0]?.message, `line 200 of ${id}`);
    }
  });

test('a second backup to a folder stores only what is new, and each of them can be restored', async (context) => {
  const { root, push } = await dataFolder(context);
  const place = join(temporaryFolder(context), 'backups');
  const first = await backUp(root, place);
  push('another manifest', ['the first layer', 'a third layer']);
  const second = await backUp(root, place);
  assert.equal(second.files - first.files, 4, 'two blobs and two links');
  const { manifest } = await openSource(place, { since: [] });
  const database = manifest.files.find(({ path }) => path === 'db/slipway.sqlite');
  assert.ok(database && 'sizeBytes' in database);
  assert.equal(second.storedBytes, database.sizeBytes + 'another manifest'.length + 'a third layer'.length);
  const names = readdirSync(join(place, 'backups'));
  assert.equal(names.length, 2);
  for (const [at, files] of [first.files, second.files].entries())
    assert.equal((await verified(place, names[at])).files, files);
});

test('a .tar file with --since has only what the earlier backup lacks, and needs it to be restored', async (context) => {
  const { root, push } = await dataFolder(context);
  const folder = temporaryFolder(context);
  const [full, later] = [join(folder, 'full.tar'), join(folder, 'later.tar')];
  await backUp(root, full);
  push('another manifest', ['the first layer', 'a third layer']);
  await backUp(root, later, { since: [full] });
  assert.ok(!readFileSync(later, 'latin1').includes('the first layer'));
  assert.notDeepEqual((await verified(later)).problems, []);
  assert.deepEqual((await verified(later, undefined, [full])).problems, []);
});

test('old backups are removed with what only they need, and the kept ones stay whole', async (context) => {
  const { root, db, push } = await dataFolder(context);
  const place = join(temporaryFolder(context), 'backups');
  await backUp(root, place);
  db.exec('delete from manifest');
  push('another manifest', ['a third layer']);
  await backUp(root, place);
  const target = openFolderTarget(place);
  const removed = await target.keep(1);
  await target.close();
  assert.equal(removed.backups, 1);
  assert.ok(removed.bytes >= 'the first layer'.length);
  assert.deepEqual((await verified(place)).problems, []);
});

test('an interrupted backup to a file looks like none, and the next one keeps its whole members', async (context) => {
  const { root } = await dataFolder(context);
  const file = join(temporaryFolder(context), 'backup.tar');
  const whole = await backUp(root, file);
  const { size } = statSync(file);
  for (const cut of [100, size >> 2, size >> 1, size - 3000]) {
    renameSync(file, `${file}.partial`);
    truncateSync(`${file}.partial`, cut);
    await assert.rejects(openSource(`${file}.partial`, { since: [] }), /is not a whole backup/);
    const resumed = await backUp(root, file);
    assert.equal(resumed.files, whole.files);
    assert.ok(cut === 100 || resumed.storedBytes < whole.storedBytes || cut <= size >> 1);
    assert.deepEqual((await verified(file)).problems, []);
  }
});

test('verify names the file of every damage', async (context) => {
  const { root } = await dataFolder(context);
  const place = join(temporaryFolder(context), 'backups');
  await backUp(root, place);
  const { manifest } = await openSource(place, { since: [] });
  for (const file of manifest.files) {
    if ('text' in file) continue;
    const object = join(place, 'objects', file.sha256.slice(0, 2), file.sha256);
    const sound = readFileSync(object);
    const flipped = Buffer.from(sound);
    flipped[sound.length >> 1] = (sound[sound.length >> 1] ?? 0) ^ 1;
    for (const damage of [() => writeFileSync(object, flipped), () => truncateSync(object, 3), () => rmSync(object)]) {
      damage();
      const { problems } = await verified(place);
      assert.ok(
        problems.some(({ path }) => path === file.path),
        file.path,
      );
      writeFileSync(object, sound);
    }
  }
  const [name = ''] = readdirSync(join(place, 'backups'));
  appendFileSync(join(place, 'backups', name), 'x');
  await assert.rejects(openSource(place, { since: [] }), /checksum does not match|not JSON/);
});

test('a backup reports contents that are damaged or missing in the data folder, and takes the rest', async (context) => {
  const { root, layers } = await dataFolder(context);
  const blobs = [...contentOf(join(root, 'registry')).entries()];
  const [damaged = '', missing = ''] = layers.map((layer) => blobs.find(([, content]) => content === layer)?.[0] ?? '');
  writeFileSync(join(root, 'registry', damaged), 'something else');
  rmSync(join(root, 'registry', missing));
  const place = join(temporaryFolder(context), 'backups');
  const { problems } = await backUp(root, place);
  assert.equal(problems.length, 2);
  assert.match(problems.join('\n'), /is damaged: .*\n?.*is missing/);
  assert.equal((await verified(place)).problems.length, 2);
});

test('while a backup is made, nothing is removed, and two backups wait for each other', async (context) => {
  const { root } = await dataFolder(context);
  const { unlessBackup } = new Removals(join(root, 'run', 'backup.sqlite'));
  const backup = lockFile(join(root, 'run', 'backup.sqlite'), 'exclusive');
  assert.ok(backup);
  assert.equal(await unlessBackup(async () => 'removed'), undefined);
  assert.equal(lockFile(join(root, 'run', 'backup.sqlite'), 'exclusive'), undefined);
  backup[Symbol.dispose]();
  const inside = await unlessBackup(
    async () => lockFile(join(root, 'run', 'backup.sqlite'), 'exclusive') ?? 'a backup waits',
  );
  assert.equal(inside, 'a backup waits');
});

test('a restored folder does not name the original server', async (context) => {
  const { root } = await dataFolder(context);
  const place = join(temporaryFolder(context), 'backups');
  await backUp(root, place, { secretKeyFile: join(root, 'secret.key') });
  const restored = await restore(context, place);
  assert.deepEqual(JSON.parse(readFileSync(join(restored, 'root.json'), 'utf8')), {
    AccountId: '1',
    InstanceId: 'cri-1',
    Endpoint: '',
  });
  assert.equal(readFileSync(join(restored, 'secret.key'), 'utf8'), 'the key of the secrets');
});

test('what only the secrets key opens is in a backup with that key alone', async (context) => {
  const { root } = await dataFolder(context);
  for (const secretKeyFile of [undefined, join(root, 'secret.key')]) {
    const place = join(temporaryFolder(context), 'backups');
    await backUp(root, place, secretKeyFile === undefined ? {} : { secretKeyFile });
    const db = new DatabaseSync(join(await restore(context, place), 'db', 'slipway.sqlite'));
    context.after(() => db.close());
    const kept = db.prepare('select name, sealed from server_secret').all();
    assert.deepEqual(
      kept.map((row) => ({ ...row })),
      [{ name: KEY_CHECK, sealed: secretKeyFile === undefined ? '' : 'v1.sealed' }],
    );
  }
});

test('a folder that was restored paused has the mark that pauses its server, and a backup never has it', async (context) => {
  const { root } = await dataFolder(context);
  writeFileSync(join(root, PAUSED), '');
  const place = join(temporaryFolder(context), 'backups');
  await backUp(root, place);
  assert.ok(!existsSync(join(await restore(context, place), PAUSED)));
  const paused = join(temporaryFolder(context), 'restored');
  await restoreBackup(await openSource(place, { since: [] }), paused, { paused: true });
  assert.ok(existsSync(join(paused, PAUSED)));
});

test('an interrupted restore keeps its mark and is continued; a folder with other files is refused', async (context) => {
  const { root } = await dataFolder(context);
  const place = join(temporaryFolder(context), 'backups');
  await backUp(root, place);
  const restored = await restore(context, place);
  assert.ok(!existsSync(join(restored, UNFINISHED)));
  await assert.rejects(restoreBackup(await openSource(place, { since: [] }), restored), /is not empty/);
  const { createdMs } = (await openSource(place, { since: [] })).manifest.head;
  writeFileSync(join(restored, UNFINISHED), `${JSON.stringify({ instanceId: 'cri-1', createdMs })}\n`);
  truncateSync(join(restored, 'db', 'slipway.sqlite'), 100);
  await restoreBackup(await openSource(place, { since: [] }), restored);
  assert.ok(!existsSync(join(restored, UNFINISHED)));
  assert.equal(
    readFileSync(join(restored, 'db', 'slipway.sqlite'))
      .subarray(0, 15)
      .toString(),
    'SQLite format 3',
  );
  assert.ok(statSync(join(restored, 'db', 'slipway.sqlite')).size > 100);
});

test('a manifest with a path out of the data folder is refused', async (context) => {
  const { root } = await dataFolder(context);
  const place = join(temporaryFolder(context), 'backups');
  await backUp(root, place);
  const { manifest } = await openSource(place, { since: [] });
  for (const path of [
    '../out',
    'logs/../../out',
    '/etc/passwd',
    'registry/storage/../config.yml',
    'run/lock.sqlite',
    'logs//x',
  ])
    assert.throws(
      () => parseManifest(manifestText({ ...manifest, files: [{ path, text: 'x' }] })),
      /cannot be in a backup/,
      path,
    );
});

async function verified(place: string, name?: string, since: string[] = []) {
  const source = await openSource(place, { name, since });
  try {
    return await verifyBackup(source, join(place, '..'));
  } finally {
    source.close();
  }
}

async function restore(context: TestContext, place: string): Promise<string> {
  const folder = join(temporaryFolder(context), 'restored');
  const source = await openSource(place, { since: [] });
  const { problems } = await restoreBackup(source, folder);
  source.close();
  assert.deepEqual(problems, []);
  return folder;
}
