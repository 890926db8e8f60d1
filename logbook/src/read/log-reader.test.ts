import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { nodeDisk } from '../disk/disk.ts';
import type { LogReader } from '../logbook.ts';
import { BlockCache } from '../sealed/block-cache.ts';
import { FolderArchives } from '../sealed/folder-archives.ts';
import { SealedLog } from '../sealed/sealed-log.ts';
import { LateArchives } from '../testing/late-archives.ts';
import { LateReader } from '../testing/late-reader.ts';
import { bytesOf, fastFolder, logOf, openLogbook } from '../testing/logbook.ts';
import { LocalReader } from './local-reader.ts';
import { type ReadLog, testLogReader } from './log-reader.contract.ts';
import { OpenLog } from './open-log.ts';

for (const form of ['running', 'sealed'] as const) {
  testLogReader(`a ${form} log on disk`, (t, messages, stepLines) => makeLog(t, messages, stepLines, form));
  testLogReader(`a ${form} log that answers later`, async (t, messages, stepLines) => {
    const made = await makeLog(t, messages, stepLines, form);
    return { ...made, log: new LateReader(made.log) };
  });
}

testLogReader('a sealed log in a store that answers later', async (t, messages, stepLines) => {
  const { folder, seal, damage } = await makeLog(t, messages, stepLines, 'sealed');
  const store = new LateArchives(new FolderArchives(nodeDisk, folder));
  const log = new OpenLog('log-1', new SealedLog('log-1', await store.open('log-1'), new BlockCache(0)));
  t.after(() => log.close());
  return { log: new LocalReader({ get: () => log, signal: undefined }), seal, damage };
});

test('a log on disk answers at once: no read of it is a promise', async (t) => {
  for (const form of ['running', 'sealed'] as const) {
    const { log } = await makeLog(t, ['one'], 1, form);
    for (const answer of [log.reach(), log.page(0), log.textFrom(1)]) assert.equal(answer instanceof Promise, false);
  }
});

test('once the signal of a reader is aborted, reads in progress end with its reason', async (t) => {
  const { logbook } = await openLogbook(t, { folder: fastFolder(t) });
  const writer = await logbook.create('log-1');
  for (let line = 0; line < 10_000; line += 1) await writer.line('x'.repeat(60));
  await writer.committed();
  const stop = new AbortController();
  const log = await logbook.open('log-1', { signal: stop.signal });
  assert.ok(log);
  const text = log.text(0, 600_000)[Symbol.asyncIterator]();
  assert.equal((await text.next()).done, false);
  stop.abort(new Error('given up'));
  const reads = [
    () => text.next(),
    () => log.runs()[Symbol.asyncIterator]().next(),
    () => log.page(0),
    () => log.reach(),
  ];
  for (const read of reads) await assert.rejects(async () => read(), /given up/);
  assert.ok((await bytesOf(await logOf(logbook, 'log-1'), 0, 600_000)).length === 600_000);
});

async function makeLog(
  t: TestContext,
  messages: readonly string[],
  stepLines: number,
  form: 'running' | 'sealed',
): Promise<ReadLog & { log: LogReader; folder: string }> {
  const { logbook, folder } = await openLogbook(t, { folder: fastFolder(t), blockCacheBytes: 0 });
  const writer = await logbook.create('log-1');
  const append = async (more: readonly string[]): Promise<void> => {
    for (const message of more) await writer.line(message);
    await writer.committed();
  };
  for (let at = 0; at < messages.length; at += stepLines) {
    writer.stage('DOCKER_IMAGE_BUILD', at / stepLines + 1);
    await append(messages.slice(at, at + stepLines));
  }
  let isSealed = false;
  const seal = async (): Promise<void> => {
    if (!isSealed) await writer.seal({ verdict: 'complete' });
    isSealed = true;
  };
  if (form === 'sealed') await seal();
  const path = join(folder, 'lo', 'log-1', form === 'sealed' ? 'log.ndjson.gz' : 'hot.ndjson');
  const damage = (): void => {
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0x10;
    writeFileSync(path, bytes);
  };
  return { log: await logOf(logbook, 'log-1'), folder, seal, damage, ...(form === 'running' && { append }) };
}
