import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Logbook } from '@slipway/logbook';
import { openSource } from '../../server/src/backup/open-backup.ts';
import { restoreBackup } from '../../server/src/backup/restore-backup.ts';
import { DatabaseWriter, openDatabase } from '../../server/src/db/database.ts';
import { ROOT, slipway, startServer, temporaryFolder } from '../support/slipway.ts';

const FIXTURES = join(ROOT, 'test', 'data-folder', 'fixtures');
const VERSIONS = readdirSync(FIXTURES).map((name) => name.replace('.tar.gz', ''));
const skip = process.env.SLIPWAY_TEST_LONG === '1' ? false : 'runs in the longer tier';

for (const version of VERSIONS) {
  test(`the database and logs of version ${version} open`, async (t) => {
    const data = await restored(t, version);
    const writer = await DatabaseWriter.start();
    const db = await openDatabase(join(data, 'db', 'slipway.sqlite'), writer);
    const builds = await db.selectFrom('build_record').select(['build_record_id', 'status']).execute();
    assert.deepEqual(builds.map(({ status }) => status).sort(), ['FAILED', 'SUCCESS']);
    await db.destroy();
    const logbook = await Logbook.open({ folder: join(data, 'logs') });
    for (const { build_record_id: id } of builds) {
      const found = await logbook.verify(id);
      assert.ok(found?.sealed === true && found.lineCount > 5, id);
      assert.deepEqual(found.damage, []);
    }
    await logbook.close();
  });

  test(`a server opens the data folder of version ${version}, with its builds, images and secrets`, {
    skip,
  }, async (t) => {
    const data = await restored(t, version);
    const { root, client } = await startServer(t, { dataFolder: data });
    const { InstanceId } = root;
    const { RepoId = '' } = await client.call('GetRepository', {
      InstanceId,
      RepoNamespaceName: 'team',
      RepoName: 'app',
    });
    const { BuildRecords } = await client.call('ListRepoBuildRecord', { InstanceId, RepoId });
    assert.equal(BuildRecords?.length, 2);
    for (const { BuildRecordId = '' } of BuildRecords ?? []) {
      const page = await client.call('ListRepoBuildRecordLog', { InstanceId, RepoId, BuildRecordId });
      assert.equal(page.BuildRecordLogs?.[1]?.Message, 'fetch stage begin');
    }
    for (const command of [['check'], ['log', 'verify', '--all'], ['secret', 'list'], ['ram', 'user', 'list']]) {
      const { code, stderr } = await slipway([...command, '--data', data]);
      assert.equal(code, 0, `${command.join(' ')}: ${stderr}`);
    }
  });
}

test('upgrade --check says what would change, and refuses a data folder of a newer version with the reason', {
  skip,
}, async (t) => {
  const data = await restored(t, VERSIONS[0] ?? '');
  const same = await slipway(['upgrade', '--check', '--data', data, '--json']);
  assert.equal(same.code, 0, same.stderr);
  const { Possible, Migrations } = JSON.parse(same.stdout) as { Possible: boolean; Migrations: string[] };
  assert.equal(Possible, true);
  const change = (sql: string) => {
    const db = new DatabaseSync(join(data, 'db', 'slipway.sqlite'));
    db.exec(sql);
    db.close();
  };
  const own = Migrations.at(-1)?.slice(0, 4) ?? assert.fail('the fixture has every migration');
  const later = [...Migrations, `9998-widens.${own}`].map((name) => `'${name}'`);
  change(`insert into kysely_migration values ${later.map((name) => `(${name}, '')`).join()}`);
  const usable = await slipway(['upgrade', '--check', '--data', data]);
  assert.equal(usable.code, 0, usable.stderr);
  assert.match(usable.stdout, /newer version of Slipway has migrated .*9998-widens.*runs on it/);
  change(`delete from kysely_migration where name in (${later.join()})`);
  change('delete from kysely_migration where name = (select max(name) from kysely_migration)');
  const older = await slipway(['upgrade', '--check', '--data', data]);
  assert.equal(older.code, 0, older.stderr);
  assert.match(older.stdout, /would apply these migrations .*: \d{4}-/);
  change("insert into kysely_migration values ('9999-from-the-future', '')");
  const newer = await slipway(['upgrade', '--check', '--data', data]);
  assert.equal(newer.code, 4);
  assert.match(newer.stderr, /newer version of Slipway .*9999-from-the-future/);
});

test('commands on files refuse a server elsewhere', { skip }, async () => {
  for (const command of [
    ['backup', 'x'],
    ['upgrade', '--check'],
    ['restore', './x', '--data', 'y'],
  ]) {
    const { code, stderr } = await slipway([...command, '--endpoint', 'http://127.0.0.1:9']);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /works on the files of the data folder, so it cannot work on the server at http:\/\/127\.0\.0\.1:9/,
    );
  }
});

async function restored(t: TestContext, version: string): Promise<string> {
  const folder = temporaryFolder(t);
  const file = join(folder, 'backup.tar');
  writeFileSync(file, gunzipSync(readFileSync(join(FIXTURES, `${version}.tar.gz`))));
  const source = await openSource(file, { since: [] });
  const data = join(folder, 'data');
  const { problems } = await restoreBackup(source, data);
  source.close();
  assert.deepEqual(problems, []);
  return data;
}
