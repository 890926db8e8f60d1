import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock, type TestContext, test } from 'node:test';
import type { Server } from '../server/find-server.ts';
import { packFolder } from '../source/testing/pack-folder.ts';
import { sendFolder } from './send-folder.ts';

const FILES = 400;
/** After the times of all files, as far as a sender can tell. */
const LATER_MS = 10_000;

test('sends only what changed in a folder since it was sent, and the server gets the same archive', async (t) => {
  const { folder, sent, send } = sending(t);
  const changes: [what: string, make: () => void][] = [
    ['nothing', () => undefined],
    ['a file changes', () => writeFileSync(join(folder, 'd7', 'f7'), 'other')],
    ['one of the same size', () => writeFileSync(join(folder, 'd7', 'f7'), 'OTHER')],
    ['files come and go', () => [rmSync(join(folder, 'd3', 'f3')), writeFileSync(join(folder, 'd3', 'z'), 'z')]],
    [
      'a folder becomes a file',
      () => [rmSync(join(folder, 'd5'), { recursive: true }), writeFileSync(join(folder, 'd5'), '5')],
    ],
    ['a file becomes a link', () => [rmSync(join(folder, 'd6', 'f6')), symlinkSync('/f', join(folder, 'd6', 'f6'))]],
    ['a long name comes', () => writeFileSync(join(folder, 'é'.repeat(120)), 'long')],
    ['all goes but one', () => rmSync(join(folder, 'd1'), { recursive: true })],
  ];
  assert.equal(await send(), 'whole');
  for (const [what, make] of changes) {
    make();
    assert.equal(await send(), 'changes', what);
    assert.ok(sent.bytes < 100_000, `${what}: ${sent.bytes} bytes were sent`);
    assert.deepEqual(sent.archive, await packed(folder), what);
    // The server has this archive already, and makes no second one.
    if (what === 'nothing') assert.equal(sent.body, `[[0,${sent.archive.length}]]\n`);
  }
});

test('sends the whole folder if the server refuses the changes, if most of it changed, and without the cache', async (t) => {
  const { folder, sent, send, refuse } = sending(t);
  await send();
  for (const status of [404, 409, 429, 503]) {
    refuse.status = status;
    assert.equal(await send(), 'whole');
    assert.deepEqual(sent.archive, await packed(folder));
  }
  refuse.status = 403;
  await assert.rejects(send(), { status: 403 });
  refuse.status = 0;
  assert.equal(await send({ whole: true }), 'whole');
  assert.equal(await send(), 'changes');
  for (let at = 0; at < FILES; at += 1) writeFileSync(join(folder, `d${at % 8}`, `f${at}`), 'y'.repeat(2000));
  assert.equal(await send(), 'whole');
  assert.equal(await send({ dockerfile: 'd2/f2' }), 'whole');
});

test('sends a file again that may have changed within the same moment in which it was read', async (t) => {
  const { folder, send, sent } = sending(t, 0);
  assert.equal(await send(), 'whole');
  assert.equal(await send(), 'whole');
  assert.deepEqual(sent.archive, await packed(folder));
});

test('a note of what was sent that is damaged costs a whole sending', async (t) => {
  const { cache, send } = sending(t);
  await send();
  const [name = ''] = readdirSync(join(cache, 'slipway', 'sent'));
  const note = join(cache, 'slipway', 'sent', name);
  for (const damage of [
    () => '',
    (text: string) => text.slice(0, -9),
    (text: string) => text.replace(',2560]', ',2048]'),
  ]) {
    assert.equal(await send(), 'changes');
    const text = readFileSync(note, 'utf8');
    assert.notEqual(damage(text), text);
    writeFileSync(note, damage(text));
    assert.equal(await send(), 'whole');
  }
});

async function packed(folder: string): Promise<Buffer> {
  const file = `${folder}.tar`;
  await packFolder(folder, 'Dockerfile', file);
  return readFileSync(file);
}

/** A folder of many files, and a server that stores what is sent. */
function sending(t: TestContext, laterMs = LATER_MS) {
  const work = mkdtempSync(join(tmpdir(), 'slipway-send-'));
  const { XDG_CACHE_HOME } = process.env;
  process.env.XDG_CACHE_HOME = join(work, 'cache');
  t.after(() => {
    if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
    rmSync(work, { recursive: true });
  });
  const folder = join(work, 'source');
  for (let at = 0; at < FILES; at += 1) {
    mkdirSync(join(folder, `d${at % 8}`), { recursive: true });
    writeFileSync(join(folder, `d${at % 8}`, `f${at}`), 'x'.repeat(2000));
  }
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
  const archives = new Map<string, Buffer>();
  const sent = { bytes: 0, body: '', archive: Buffer.alloc(0) as Buffer, how: '' };
  const refuse = { status: 0 };
  const client = {
    fetch: async (path: string, init: RequestInit & { contentSha256: string }) => {
      const body = Buffer.from(await new Response(init.body).arrayBuffer());
      assert.equal(createHash('sha256').update(body).digest('hex'), init.contentSha256);
      const earlier = /^\/api\/v1\/sources\/(.*)\/changes/.exec(path)?.[1];
      if (earlier !== undefined && refuse.status !== 0) return Response.json({ Code: 'No' }, { status: refuse.status });
      sent.how = earlier === undefined ? 'whole' : 'changes';
      sent.bytes = body.length;
      sent.body = body.toString();
      sent.archive = earlier === undefined ? body : applied(archives.get(earlier) ?? assert.fail(), body);
      const ArchiveId = String(archives.size);
      archives.set(ArchiveId, sent.archive);
      return Response.json({ ArchiveId });
    },
  } as unknown as Server['client'];
  const server = { client, instanceId: 'i', accessKeyId: 'k' } as Server;
  const send = async (options: { whole?: boolean; dockerfile?: string } = {}) => {
    mock.timers.enable({ apis: ['Date'], now: Date.now() + laterMs });
    try {
      await sendFolder(server, { folder, image: 'team/app:1', dockerfile: 'Dockerfile', whole: false, ...options });
    } finally {
      mock.timers.reset();
    }
    return sent.how;
  };
  return { folder, cache: join(work, 'cache'), sent, refuse, send };
}

/** What a server makes of changes. */
function applied(earlier: Buffer, body: Buffer): Buffer {
  const end = body.indexOf('\n');
  let at = end + 1;
  const parts = JSON.parse(body.subarray(0, end).toString()) as (number | [number, number])[];
  const take = (count: number) => {
    at += count;
    return body.subarray(at - count, at);
  };
  return Buffer.concat(
    parts.map((part) => (typeof part === 'number' ? take(part) : earlier.subarray(part[0], part[0] + part[1]))),
  );
}
