import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig, readSettings } from './config.ts';
import { readDatabase } from './read-database.ts';
import { shownSettings } from './shown-settings.ts';

const BUCKET = ['--bucket', 's3://slipway/prod'];
const DATABASE = ['--database', 'postgres://slipway@db.example/slipway'];

test('a database and a bucket go together, and what belongs to one of them is refused without it', () => {
  for (const [argv, mistake] of [
    [BUCKET, /^bucket is set, but database is not: .*; set database too, or remove bucket$/],
    [DATABASE, /^database is set, but bucket is not: .*; set bucket too, or remove database$/],
    [['--s3-region', 'x'], /^s3-region is set, but bucket is not; set bucket too, or remove s3-region$/],
    [['--database-password-file', 'x'], /^database-password-file is set, but database is not; set database too/],
    [
      [...BUCKET, '--database', 'postgres://a:hidden@b/c', '--database-password-file', 'x'],
      /^database has a password, and database-password-file names another; remove one of them$/,
    ],
    [
      [...BUCKET, ...DATABASE, '--data', 'memory', '--no-builds'],
      /^data is memory, so the key of the secrets in the database would be lost .*; set secret-key-file/,
    ],
    [['--bucket', 's3:slipway', ...DATABASE], /^--bucket is "s3:slipway"; it must be s3:\/\/BUCKET or/],
  ] as const)
    assert.throws(
      () => readConfig(argv, {}),
      (error: Error) => mistake.test(error.message) && !error.message.includes('\n'),
      mistake.source,
    );
  const { bucket, database } = readConfig([...BUCKET, ...DATABASE], {});
  assert.deepEqual(bucket, { bucket: 'slipway', prefix: 'prod' });
  assert.deepEqual(database, { url: 'postgres://slipway@db.example/slipway', password: undefined });
});

test('a database URL that cannot be used is refused with the reason, and no part of it is shown', () => {
  for (const [url, reason] of [
    ['mysql://hid:den@host/name', 'does not begin with postgres://'],
    ['hid:den@host/name', 'does not begin with postgres://'],
    ['postgres://user:hid/den@host/name', 'is not a URL (write / ? # @ : and % in a password as'],
    ['postgres://user:hid%zzden@host/name', 'has a % that encodes no character'],
    ['postgres://user:hidden@host/name#den', 'has a # '],
    ['postgres://host/name', 'names no user'],
    ['postgres:///name?user=hidden', 'names no host'],
    ['postgres://user@hidden,den/name', 'names several hosts'],
    ['postgres://user:hidden@host', 'names no database'],
    ['postgres://user:hidden@host/', 'names no database'],
    ['postgres://user:hidden@host/a/b', 'names no database'],
    ['postgres://user@host/name?password=hidden', 'has a parameter that is not known here'],
    ['postgres://user@host/name?sslmode=prefer', 'has an sslmode that is not known here'],
  ] as const)
    assert.throws(
      () => readConfig(['--database', url, ...BUCKET], {}),
      ({ message }: Error) => {
        assert.ok(message.startsWith(`--database ${reason}`), message);
        assert.match(message, /; it must be postgres:\/\/USER@HOST:PORT\/NAME/);
        assert.doesNotMatch(message, /hid|den\b|\n/);
        return true;
      },
    );
});

test('the password of a database is in no setting that is shown, and reaches the driver as it is', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-database-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'password');
  writeFileSync(file, 'hid den/%\n');
  const socket = `postgresql:///name?host=${folder}&user=me`;
  for (const [argv, password, driven, shown] of [
    [
      ['postgres://me:hid%20den%2F%25@host:5433/name'],
      'hid den/%',
      'postgres://me:hid%20den%2F%25@host:5433/name?',
      'postgres://me@host:5433/name',
    ],
    [
      ['postgres://me@host/name', '--database-password-file', file],
      'hid den/%',
      'postgres://me:hid%20den%2F%25@host/name?',
      'postgres://me@host/name',
    ],
    [[socket, '--database-password-file', file], 'hid den/%', 'postgresql:///name?', socket],
    [[socket], undefined, 'postgresql:///name?', socket],
  ] as const) {
    const { config, given } = readSettings(['--database', ...argv, ...BUCKET], {});
    const read = readDatabase(config);
    assert.equal(read?.password, password);
    assert.ok(read?.url.startsWith(driven), read?.url);
    const row = shownSettings(given, config).find(({ name }) => name === 'database');
    assert.equal(row?.value, shown);
    assert.equal(row?.isSecret, argv[0].includes('hid'));
  }
  assert.throws(
    () => readDatabase(readConfig([...DATABASE, ...BUCKET, '--database-password-file', join(folder, 'none')], {})),
    /database-password-file .*none: ENOENT/,
  );
  assert.equal(readDatabase(readConfig([], {})), undefined);
});
