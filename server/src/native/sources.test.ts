import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
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
