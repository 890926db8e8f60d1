import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { diskBlobStore } from '#blob/disk.ts';
import { readOwner, takeOwnership } from '#blob/owner-mark.ts';
import { UnfitDatabase } from '#db/postgres/fit-database.ts';
import { openPostgres } from '#db/postgres/open-postgres.ts';
import { postgresFolder } from '#db/testing/postgres-server.ts';
import { type Move, moveDataFolder } from './move.ts';
import { MoveRefused } from './move-refused.ts';
import { MoveTarget } from './move-target.ts';
import { digestsBelow } from './testing/old-folder.ts';
import { changeDatabase, startMove } from './testing/start-move.ts';

const lacks = postgresFolder() === undefined && 'needs PostgreSQL: apt-get install postgresql';
const skip = process.env.SLIPWAY_TEST_LONG === '1' ? lacks : 'takes seconds: runs in the longer tier';
const REGISTRY = 'registry/storage/docker/registry/v2';

test('a data folder is moved as a whole, nothing in it changes, and a second move finds nothing to do', {
  skip: lacks,
}, async (t) => {
  const { move, root, bucket, query } = await startMove(t);
  const before = await digestsBelow(root);
  const moved = await moveDataFolder(move);
  assert.deepEqual([moved.wasComplete, moved.logs, moved.damaged], [false, 3, []]);
  assert.deepEqual(await digestsBelow(root), before);
  const after = await digestsBelow(bucket);
  for (const [path, digest] of before) {
    const key = keyOf(path);
    if (key !== undefined && !path.includes('/tags/v1..2_x/index/')) assert.equal(after.get(key), digest, path);
  }
  const kept = [...before.keys()].filter((path) => keyOf(path) !== undefined).length;
  assert.equal(moved.objects, kept);
  assert.equal([...after.keys()].filter((key) => !/^(logs|owner)\//.test(key)).length, kept);
  const [first] = await query('select instance_id from instance order by created_ms');
  assert.equal(await readOwner(move.blobs), first?.instance_id);
  // A link that a crash left empty has its content again.
  const link = [...after.keys()].find((key) => key.includes('/tags/v1..2_x/index/')) ?? '';
  assert.equal(readFileSync(join(bucket, link), 'utf8'), `sha256:${link.split('/').at(-2)}`);
  for (const { log_id, ref } of await query('select log_id, ref from sealed_log')) {
    const folder = join('logs', String(log_id).slice(0, 2), String(log_id));
    assert.equal(after.get(`${ref}.ndjson.gz`), before.get(join(folder, 'log.ndjson.gz')));
    assert.equal(after.get(`${ref}.idx`), before.get(join(folder, 'log.idx')));
  }
  assert.equal([...after.keys()].filter((key) => key.startsWith('logs/')).length, 6);
  assert.equal((await moveDataFolder(move)).wasComplete, true);
  const other = { ...move, bucket: 's3://other', blobs: diskBlobStore(`${bucket}-other`) };
  await assert.rejects(moveDataFolder(other), /to another bucket than s3:\/\/other/);
  for (const table of ['nonce', 'server_node', 'sign_in_attempt'])
    assert.deepEqual(await query(`select * from ${table}`), [], table);
  // What a server says of itself is no difference.
  await query("insert into server_node (node_id, host, version, seen_ms) values ('n', 'h', 'v', 1)");
  assert.equal((await moveDataFolder(move)).wasComplete, true);
  await query("update repository set summary = 'used'");
  await assert.rejects(moveDataFolder(move), /a server has used it since \(the table repository has/);
});

test('a row gets the same next number as in the old database, also after the last rows were removed', {
  skip,
}, async (t) => {
  const { move, query } = await startMove(t, (db) => {
    db.exec(
      "insert into event (sequence, kind, time_ms, body) values (900, 'k', 1, '{}'); delete from event where sequence = 900",
    );
  });
  await moveDataFolder(move);
  const [row] = await query("insert into event (kind, time_ms, body) values ('k', 1, '{}') returning sequence");
  assert.equal(Number(row?.sequence), 901);
});

test('a NUL character in an old row is replaced as a server replaces it, and the row and column are named', {
  skip,
}, async (t) => {
  const { move, query } = await startMove(t, (db) => {
    db.prepare('update build_record set commit_message = ? where sequence = 2').run('a\0b');
    db.prepare('update event set body = ? where sequence = 3').run('{"tag":"a\\u0000b","text":"\\\\u0000"}');
  });
  const { replaced } = await moveDataFolder(move);
  assert.deepEqual(replaced, ['build_record sequence=2, commit_message', 'event sequence=3, body']);
  const [record] = await query('select commit_message from build_record where sequence = 2');
  assert.equal(record?.commit_message, 'a\uFFFDb');
  const [event] = await query(
    "select body::json ->> 'tag' as tag, body::json ->> 'text' as text from event where sequence = 3",
  );
  assert.deepEqual([event?.tag, event?.text], ['a\uFFFDb', '\\u0000']);
});

test('no server starts on a database before its move is complete', { skip }, async (t) => {
  const { move, root, url } = await startMove(t);
  const layer = damageBlob(root);
  await assert.rejects(
    moveDataFolder(move),
    (error: Error) => error instanceof MoveRefused && error.message.includes(`${layer} is damaged`),
  );
  await assert.rejects(
    openPostgres(url),
    (error: Error) => error instanceof UnfitDatabase && /run the same slipway move again/.test(error.message),
  );
  const { damaged } = await moveDataFolder({ ...move, withDamage: true });
  assert.equal(damaged.length, 1);
  await (await openPostgres(url)).destroy();
});

test('a log that is damaged stops a move, unless it is to be moved as it is', { skip }, async (t) => {
  const { move, root, bucket } = await startMove(t);
  const file = join(root, 'logs/ro/row-2/log.ndjson.gz');
  const bytes = readFileSync(file);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  await assert.rejects(moveDataFolder(move), /the log row-2 is damaged: .*slipway log verify --repair/);
  const { damaged } = await moveDataFolder({ ...move, withDamage: true });
  assert.equal(damaged.length, 1);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  assert.ok([...(await digestsBelow(bucket)).values()].includes(sha256));
});

test('a move that was interrupted is not continued with a folder that has changed; with restart it begins again', {
  skip,
}, async (t) => {
  const { move, root, query } = await startMove(t);
  damageBlob(root);
  await assert.rejects(moveDataFolder(move), /is damaged/);
  changeDatabase(root, (db) =>
    db.exec("update repository set summary = 'changed'; delete from build_step where build_record_id = 'row-3'"),
  );
  writeFileSync(join(root, 'blobs/sources/sent-2'), 'new');
  rmSync(join(root, 'blobs/sources/sent-1'));
  await assert.rejects(moveDataFolder(move), /has changed since its move began.*--restart/);
  const moved = await moveDataFolder({ ...move, withDamage: true, restart: true });
  assert.equal(moved.logs, 3);
  const [row] = await query('select min(summary) as least, max(summary) as most from repository');
  assert.deepEqual([row?.least, row?.most], ['changed', 'changed']);
  assert.deepEqual(readdirSync(join(move.bucket, 'sources')).sort(), ['empty', 'sent-2']);
});

test('what cannot be moved, and where it cannot be moved to, is said before anything is written', {
  skip,
}, async (t) => {
  const { move, root, url, query } = await startMove(t);
  const refuses = (changes: Partial<Move>, message: RegExp) =>
    assert.rejects(
      moveDataFolder({ ...move, ...changes }),
      (error: Error) => error instanceof MoveRefused && message.test(error.message),
      String(message),
    );
  await refuses({ to: url.replace(/\/t[0-9a-f]+\?/, '/missing?') }, /no such database; make it with: create database/);
  await refuses(
    { to: 'postgres://slipway:pass@127.0.0.1:1/x' },
    /^postgres:\/\/slipway@127\.0\.0\.1:1\/x cannot be reached \(ECONNREFUSED\)/,
  );
  await query('create table mine (id int)');
  await refuses({}, /not empty: it has the tables mine;/);
  await query('drop table mine');
  await move.blobs.put('images/other', Readable.from(['x']), { limitBytes: 1 });
  await refuses({}, /is not empty: it has images\/other/);
  await move.blobs.remove('images/other');
  const foreign = diskBlobStore(`${move.bucket}-foreign`);
  await takeOwnership(foreign, { instanceId: 'cri-other', place: 's3://other' });
  await refuses({ blobs: foreign }, /cannot be used: it belongs to the instance cri-other; name an empty bucket/);
  await refuses(
    {
      checkKey: () => {
        throw new MoveRefused(4, 'not the key');
      },
    },
    /not the key/,
  );
  appendFileSync(join(root, 'db/slipway.sqlite-wal'), 'x');
  await refuses({}, /did not stop in order; start it once more/);
  rmSync(join(root, 'db/slipway.sqlite-wal'));
  changeDatabase(root, (db) => db.exec("update build_record set status = 'BUILDING' where sequence = 1"));
  await refuses({}, /the build row-1 was running when its server ended/);
  changeDatabase(root, (db) =>
    db.exec(
      "update build_record set status = 'SUCCESS' where sequence = 1; insert into kysely_migration values ('9999-later', '')",
    ),
  );
  await refuses({}, /newer version of Slipway/);
  changeDatabase(root, (db) =>
    db.exec(
      "delete from kysely_migration where name = '9999-later'; delete from kysely_migration where name like '0053%'",
    ),
  );
  await refuses({}, /an earlier version of Slipway wrote the data folder; start a server of this version/);
});

test('an unfinished move of another folder, to another bucket, or a database that a server uses is refused', {
  skip,
}, async (t) => {
  const first = await startMove(t);
  damageBlob(first.root);
  await assert.rejects(moveDataFolder(first.move), /is damaged/);
  await assert.rejects(
    moveDataFolder({ ...first.move, bucket: 's3://other' }),
    /the unfinished move in the database goes to the bucket/,
  );
  const second = await startMove(t, (db) => {
    db.exec(
      "pragma foreign_keys = off; update instance set instance_id = 'cri-other' where instance_id = 'row-1'; update instance set created_ms = -5 where instance_id = 'cri-other'",
    );
  });
  await assert.rejects(
    moveDataFolder({ ...second.move, to: first.url }),
    /unfinished move of another data folder, with the instance/,
  );
  const used = await startMove(t);
  await (await openPostgres(used.url)).destroy();
  await assert.rejects(moveDataFolder(used.move), /a server has made its tables/);
});

test('a database that a server or another move uses is refused, and left alone', { skip }, async (t) => {
  const { move, url, query } = await startMove(t);
  const identity = { instanceId: 'row-1', databaseSha256: '', bucket: move.bucket };
  const other = await MoveTarget.open(url, identity, { restart: false, beforeNew: async () => undefined });
  await assert.rejects(
    moveDataFolder({ ...move, restart: true }),
    /a server or another slipway move uses the database/,
  );
  await other.close();
  const [begun] = await query("select state from move_progress where part = 'identity'");
  assert.deepEqual(JSON.parse(String(begun?.state)), identity);
});

test('a row that PostgreSQL refuses is named', { skip }, async (t) => {
  const { move } = await startMove(t, (db) =>
    db.exec("update build_record set created_ms = 'yesterday' where sequence = 2"),
  );
  await assert.rejects(
    moveDataFolder(move),
    /build_record sequence=2 cannot be stored in PostgreSQL \(.*bigint.*yesterday/,
  );
});

function keyOf(path: string): string | undefined {
  if (path.includes('/_uploads/') || path.endsWith('.partial') || path.startsWith('blobs/conversions/'))
    return undefined;
  if (path.startsWith('blobs/')) return path.slice('blobs/'.length);
  return path.startsWith('registry/storage/') ? path.replace('registry/storage/', 'images/') : undefined;
}

function damageBlob(root: string): string {
  const blobs = readdirSync(join(root, REGISTRY, 'blobs'), { recursive: true, encoding: 'utf8' });
  const file = join(root, REGISTRY, 'blobs', blobs.find((path) => path.endsWith('data')) ?? '');
  appendFileSync(file, 'x');
  return file;
}
