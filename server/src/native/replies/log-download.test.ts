import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { startApiUnderTest } from '../testing/api.ts';

test('sends the archive of a running build as its lines so far, as a file and as an encoding, without ranges', async (t) => {
  const { get, write } = await startLog(t);
  assert.equal(gunzipSync(await bytesOf(await get('ndjson.gz'))).length, 0);
  await write(3000);
  const text = await bytesOf(await get('ndjson'));
  const file = await get('ndjson.gz', { range: 'bytes=5-' });
  assert.deepEqual([file.status, file.headers.get('accept-ranges')], [200, 'none']);
  assert.equal(file.headers.get('content-type'), 'application/gzip');
  assert.match(file.headers.get('content-disposition') ?? '', /^attachment; filename=".*\.ndjson\.gz"$/);
  assert.ok(gunzipSync(await bytesOf(file)).equals(text));
  const encoded = await get('ndjson.gz', { 'accept-encoding': 'gzip' });
  assert.equal(encoded.headers.get('content-encoding'), 'gzip');
  assert.ok((await bytesOf(encoded)).equals(text));
});

test('resumes a broken download of a sealed archive, unless the tag differs', async (t) => {
  const { get, write, seal } = await startLog(t);
  await write(3000);
  await seal();
  const whole = await get('ndjson.gz');
  const etag = whole.headers.get('etag') ?? '';
  const archive = await bytesOf(whole);
  assert.equal(Number(whole.headers.get('content-length')), archive.length);
  const rest = await get('ndjson.gz', { range: 'bytes=100-', 'if-range': etag });
  assert.equal(rest.headers.get('content-range'), `bytes 100-${archive.length - 1}/${archive.length}`);
  assert.ok((await bytesOf(rest)).equals(archive.subarray(100)));
  const other = await get('ndjson', { range: 'bytes=100-', 'if-range': etag });
  assert.equal(other.status, 200);
  assert.ok((await bytesOf(other)).equals(gunzipSync(archive)));
  assert.notEqual(other.headers.get('etag'), etag);
  assert.equal((await get('ndjson', { 'accept-encoding': 'gzip' })).headers.get('etag'), etag);
  const behind = await get('ndjson.gz', { range: `bytes=${archive.length}-` });
  assert.deepEqual([behind.status, behind.headers.get('content-range')], [416, `bytes */${archive.length}`]);
  const behindEncoded = await get('ndjson.gz', { range: `bytes=${archive.length}-`, 'accept-encoding': 'gzip' });
  assert.equal(((await behindEncoded.json()) as { Code: string }).Code, 'InvalidRange');
});

test('continues a running log with the bytes that were added since', async (t) => {
  const { get, write } = await startLog(t);
  await write(10);
  const first = await bytesOf(await get('ndjson'));
  await write(10);
  const since = await get('ndjson', { range: `bytes=${first.length}-` });
  assert.equal(since.status, 206);
  assert.match(since.headers.get('content-range') ?? '', /\/\*$/);
  const all = await bytesOf(await get('ndjson'));
  assert.ok(Buffer.concat([first, await bytesOf(since)]).equals(all));
});

async function startLog(t: TestContext) {
  const api = await startApiUnderTest(t);
  const id = await api.beginBuild();
  const writer = await api.means.logbook.create(id);
  return {
    get: (form: string, headers: Record<string, string> = {}) =>
      fetch(`${api.endpoint}/api/v1/builds/${id}/log.${form}`, {
        headers: { authorization: api.authorization, 'accept-encoding': 'identity', ...headers },
      }),
    write: async (lineCount: number) => {
      const lines = Array.from({ length: lineCount }, (_, at) => `line ${at} ${Math.random()}\n`);
      await writer.write(Buffer.from(lines.join('')));
      await writer.committed();
    },
    seal: () => writer.seal({ verdict: 'complete' }),
  };
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}
