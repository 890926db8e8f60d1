import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SECRET_KEY_BYTES, secretBox } from '#account/secret-box.ts';
import type { Database } from '#db/database.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { ensureInstance } from './first-instance.ts';
import { openOwner } from './owner.ts';
import { RootFile } from './root-file.ts';
import { ServerSecrets } from './server-secrets.ts';

const PLACE = { RegionId: 'local', Endpoint: 'http://127.0.0.1:1' };
const NO_PAIR = { id: undefined, secret: undefined };

test('the owner of the database rules: a missing, damaged or different root.json is written again', async (t) => {
  const { file, start } = await dataFolder(t);
  const first = await start();
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const changes = [
    () => rmSync(file),
    () => writeFileSync(file, '{"AccountId":'),
    () => writeFileSync(file, JSON.stringify({ ...first, AccountId: '1', AccessKeySecret: 'x' })),
    () => writeFileSync(file, ''),
    () => undefined,
  ];
  for (const change of changes) {
    change();
    assert.deepEqual(await start(), first);
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { ...first, ...PLACE });
  }
});

test('a folder of an earlier version gives its owner to the database once, and has to be the folder of the database', async (t) => {
  const { file, start, db } = await dataFolder(t);
  const earlier = { AccountId: '12', AccessKeyId: 'LTAIx', AccessKeySecret: 'secret', InstanceId: 'cri-earlier' };
  await ensureInstance(db, { InstanceId: 'cri-earlier', RegionId: 'local' }, 1);
  await assert.rejects(start(), { exitCode: 4, message: /root\.json is missing, and .* restore it from a backup$/ });
  writeFileSync(file, '{}');
  await assert.rejects(start(), { exitCode: 4, message: /root\.json is damaged \(it has no AccountId\)/ });
  writeFileSync(file, JSON.stringify({ ...earlier, InstanceId: 'cri-other' }));
  await assert.rejects(start(), { exitCode: 4, message: /cri-other, but the database has cri-earlier/ });
  writeFileSync(file, JSON.stringify(earlier));
  assert.deepEqual(await start(), earlier);
  rmSync(file);
  assert.deepEqual(await start(), earlier);
});

test('a key pair that is set replaces the one of the database for good, and in root.json', async (t) => {
  const { file, start } = await dataFolder(t);
  const first = await start();
  const set = { ...first, AccessKeyId: 'LTAIset', AccessKeySecret: 'set' };
  assert.deepEqual(await start({ id: 'LTAIset', secret: 'set' }), set);
  assert.equal((JSON.parse(readFileSync(file, 'utf8')) as typeof set).AccessKeySecret, 'set');
  rmSync(file);
  assert.deepEqual(await start(), set);
});

test('nothing is stored under a secrets key that may be the wrong one', async (t) => {
  const { start, db, secrets } = await dataFolder(t);
  const serverSecrets = new ServerSecrets({ db, secrets, areKept: false });
  const first = await start(NO_PAIR, serverSecrets);
  assert.equal(await serverSecrets.keep('other', async () => 'made'), 'made');
  assert.deepEqual(await db.selectFrom('server_secret').select('name').execute(), []);
  assert.deepEqual(await start(), first, 'root.json still has the owner');
});

test('of two servers that make a value at once, both get the same, and what is stored is sealed', async (t) => {
  const { db, secrets } = await dataFolder(t);
  const makers = ['one', 'two'].map((made) =>
    new ServerSecrets({ db, secrets, areKept: true }).keep('x', async () => made),
  );
  const [one, two] = await Promise.all(makers);
  assert.equal(one, two);
  const [row] = await db.selectFrom('server_secret').selectAll().execute();
  assert.match(row?.sealed ?? '', /^v1\./);
});

/** A data folder whose server starts as often as `start` is called. */
async function dataFolder(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-owner-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const db: Database = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  const secrets = secretBox(randomBytes(SECRET_KEY_BYTES));
  const kept = new ServerSecrets({ db, secrets, areKept: true });
  const start = async (
    pair: { id: string | undefined; secret: string | undefined } = NO_PAIR,
    serverSecrets = kept,
  ) => {
    const rootFile = RootFile.open(folder, PLACE);
    const owner = await openOwner({ db, serverSecrets, rootFile, pair });
    rootFile.finish({ ...owner, ...PLACE });
    return owner;
  };
  return { file: join(folder, 'root.json'), start, db, secrets };
}
