import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sendWhenAsked } from '#routes/testing/waiting-request.ts';
import { type ApiUnderTest, startApiUnderTest } from './testing/api.ts';

const KIBIBYTE = 1024;

test('refuses a folder over its limit with a clear answer, and before it is sent if its length is known', async (t) => {
  const api = await startApiUnderTest(t);
  const told = await sendWhenAsked(`${api.endpoint}/api/v1/sources`, { headers: headersOf(api), body: bytes(65) });
  assert.deepEqual([told.asked, told.status], [false, 413], told.text);
  const untold = await send(api, streamOf(90));
  assert.deepEqual([untold.status, untold.reply.Code], [413, 'SOURCE_TOO_LARGE']);
  assert.equal((await send(api, bytes(64))).status, 200);
});

test('limits the folders of a sender together, also parallel ones, and does not count built ones', async (t) => {
  const api = await startApiUnderTest(t);
  const first = await send(api, bytes(60));
  assert.equal(first.status, 200);
  const refused = await sendWhenAsked(`${api.endpoint}/api/v1/sources`, { headers: headersOf(api), body: bytes(41) });
  assert.deepEqual([refused.asked, refused.status], [false, 403], refused.text);
  assert.match(refused.text, /"Code":"SOURCE_QUOTA_EXCEEDED".*sent-source-mebibytes/);
  for (const body of [() => bytes(30), () => streamOf(30)]) {
    const both = await Promise.all([send(api, body()), send(api, body())]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 403]);
    const kept = both.find(({ status }) => status === 200)?.reply.ArchiveId;
    await api.means.db.deleteFrom('source_archive').where('archive_id', '=', String(kept)).execute();
  }
  await api.means.db.deleteFrom('source_archive').execute();
  assert.equal((await send(api, streamOf(60))).status, 200);
});

test('takes what changed in a source of the same sender, also after its build, and of no other', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-sources-'));
  const api = await startApiUnderTest(t, {}, folder);
  const { db } = api.means;
  const first = String((await send(api, Buffer.from('0123456789'))).reply.ArchiveId);
  const changed = await change(api, first, '[[0,4],3,[8,2]]\nabc');
  assert.deepEqual([changed.status, stored(folder, changed.reply.ArchiveId)], [200, '0123abc89'], 'a queued one');
  await db
    .updateTable('source_archive')
    .set({ kept_ms: 1, kept_repo_id: 'r' })
    .where('archive_id', '=', first)
    .execute();
  assert.equal((await change(api, first, '[[0,10]]\n')).status, 200, 'a built one');
  await db.updateTable('source_archive').set({ owner: 'another' }).where('archive_id', '=', first).execute();
  for (const archive of [first, randomUUID(), '..%2f..', 'x'])
    assert.equal((await change(api, archive, '[[0,10]]\n')).reply.Code, 'SOURCE_ARCHIVE_NOT_EXIST', archive);
});

test('a source in which nothing changed is the same file as the earlier one, which must be whole', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-sources-'));
  const api = await startApiUnderTest(t, {}, folder);
  const first = String((await send(api, Buffer.from('0123456789'))).reply.ArchiveId);
  const file = (archive: string | undefined) => join(folder, 'blobs', 'sources', archive ?? '');
  const longer = await change(api, first, '[[0,10]]\nx');
  assert.deepEqual([longer.status, longer.reply.Code], [400, 'InvalidParameter']);
  const same = await change(api, first, '[[0,10]]\n');
  assert.deepEqual([same.status, stored(folder, same.reply.ArchiveId)], [200, '0123456789']);
  assert.equal(statSync(file(same.reply.ArchiveId)).ino, statSync(file(first)).ino);
  const rows = await api.means.db.selectFrom('source_archive').select(['sha256', 'size_bytes']).execute();
  assert.deepEqual(rows[0], rows[1]);
  const part = await change(api, first, '[[0,9]]\n');
  assert.equal(stored(folder, part.reply.ArchiveId), '012345678');
  writeFileSync(file(first), '0123456788');
  assert.equal((await change(api, first, '[[0,10]]\n')).reply.Code, 'SOURCE_ARCHIVE_DAMAGED');
  rmSync(file(first));
  assert.equal((await change(api, first, '[[0,10]]\n')).reply.Code, 'SOURCE_ARCHIVE_NOT_EXIST');
});

test('changes to a source have the limits of a whole one, and a damaged or lost one is none', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-sources-'));
  const api = await startApiUnderTest(t, {}, folder);
  const first = String((await send(api, bytes(40))).reply.ArchiveId);
  const refused = async (body: string) => {
    const { status, reply } = await change(api, first, body);
    return [status, reply.Code];
  };
  assert.deepEqual(await refused(`[[0,40960],${25 * KIBIBYTE}]\n`), [413, 'SOURCE_TOO_LARGE']);
  assert.deepEqual(await refused('[[0,40961]]\n'), [400, 'InvalidParameter']);
  assert.deepEqual(await refused('[5]\n'), [400, 'InvalidParameter']);
  assert.equal((await change(api, first, '[[0,40960]]\n')).status, 200);
  assert.deepEqual(await refused('[[0,40960]]\n'), [403, 'SOURCE_QUOTA_EXCEEDED']);
  const file = join(folder, 'blobs', 'sources', first);
  writeFileSync(file, 'damaged');
  assert.deepEqual(await refused('[[0,1]]\n'), [409, 'SOURCE_ARCHIVE_DAMAGED']);
  rmSync(file);
  assert.deepEqual(await refused('[[0,1]]\n'), [404, 'SOURCE_ARCHIVE_NOT_EXIST']);
  assert.equal((await api.means.db.selectFrom('source_archive').selectAll().execute()).length, 2);
});

test('takes only a few changes of one caller at once, and refuses more before anything is read', {
  timeout: 60_000,
}, async (t) => {
  const api = await startApiUnderTest(t);
  const first = String((await send(api, bytes(4))).reply.ArchiveId);
  const { promise: ending, resolve: end } = Promise.withResolvers<void>();
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('[');
    await ending;
    yield Buffer.from('0]\n');
  }
  const slowOnes = [1, 2, 3].map(() => change(api, first, ReadableStream.from(slow())));
  assert.deepEqual((await Promise.race(slowOnes)).reply.Code, 'Throttling');
  assert.equal((await send(api, bytes(4))).status, 200, 'whole folders are still taken');
  end();
  const statuses = (await Promise.all(slowOnes)).map(({ status }) => status);
  assert.deepEqual(statuses.toSorted(), [400, 400, 429]);
  assert.equal((await change(api, first, '[[0,1]]\n')).status, 200);
});

async function change(api: ApiUnderTest, archive: string, body: string | ReadableStream<Uint8Array>) {
  const headers = { ...headersOf(api), 'content-type': 'application/octet-stream' };
  const response = await fetch(`${api.endpoint}/api/v1/sources/${archive}/changes`, {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
  } as RequestInit);
  return { status: response.status, reply: (await response.json()) as { Code?: string; ArchiveId?: string } };
}

function stored(folder: string, archive: string | undefined): string {
  return readFileSync(join(folder, 'blobs', 'sources', archive ?? ''), 'utf8');
}

function bytes(kibibytes: number): Buffer {
  return Buffer.alloc(kibibytes * KIBIBYTE, randomUUID());
}

/** Of unknown length. */
function streamOf(kibibytes: number): ReadableStream<Uint8Array> {
  return ReadableStream.from(Array.from({ length: kibibytes }, () => new Uint8Array(KIBIBYTE)));
}

function headersOf(api: ApiUnderTest): Record<string, string> {
  return { authorization: api.authorization, 'content-type': 'application/x-tar' };
}

async function send(api: ApiUnderTest, body: Buffer | ReadableStream<Uint8Array>) {
  const sent = { method: 'POST', headers: headersOf(api), body, duplex: 'half' } as RequestInit;
  const response = await fetch(`${api.endpoint}/api/v1/sources`, sent);
  return { status: response.status, reply: (await response.json()) as { Code?: string; ArchiveId?: string } };
}
