import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { isFinal, waitForSeal, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { slipway, startServer } from '../support/slipway.ts';

test('log verify names damage and fixes an index, refuses contradictory options, and says that a log past its retention expired', async (t) => {
  const server = await startServer(t);
  // A build refused before it starts has a log like any other, and costs nothing.
  const ids: string[] = [];
  for (const tag of ['one', 'two']) {
    const key = await queueBuild(t, server, { Dockerfile: 'RUN true\n' }, `team/verify:${tag}`);
    await waitForStatus(server.client, key, isFinal);
    await waitForSeal(server.client, key.BuildRecordId);
    ids.push(key.BuildRecordId);
  }
  const [sound = '', damaged = ''] = ids;
  const verify = (...args: string[]) => slipway(['log', 'verify', ...args, '--data', server.dataFolder]);

  const before = await verify('--all');
  assert.equal(before.code, 0, before.stderr);
  assert.equal(before.stdout.match(/ {2}sound {4}/g)?.length, 2);

  const archive = join(server.dataFolder, 'logs', damaged.slice(0, 2), damaged, 'log.ndjson.gz');
  const bytes = readFileSync(archive);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  writeFileSync(archive, bytes);
  const after = await verify('--all');
  assert.equal(after.code, 4);
  assert.match(after.stdout, new RegExp(`${damaged}  DAMAGED .*\\n  block 0 is damaged, lines 1 to \\d+\\n`));
  assert.match(after.stderr, /1 log is damaged/);
  assert.equal((await verify(sound)).code, 0);

  const index = join(server.dataFolder, 'logs', sound.slice(0, 2), sound, 'log.idx');
  writeFileSync(index, readFileSync(index).subarray(0, 64));
  assert.equal((await verify(sound)).code, 4);
  const fixed = await verify('--repair', '--all');
  assert.equal(fixed.code, 4);
  assert.match(fixed.stdout, new RegExp(`${sound}  repaired `));
  assert.match(fixed.stdout, new RegExp(`${damaged}  DAMAGED `));
  assert.equal((await verify(sound)).code, 0);

  const neither = await verify();
  assert.equal(neither.code, 2);
  assert.match(neither.stderr, /name one build, or give --all/);

  await server.stop();
  const later = await startServer(t, { dataFolder: server.dataFolder, flags: ['--log-keep-builds', '1'] });
  for (;;) {
    const page = await later.client.fetch(`/api/v1/builds/${sound}/log`);
    await page.arrayBuffer();
    if (!page.ok) break;
    await sleep(50);
  }
  const expired = await slipway(['logs', sound, '--data', later.dataFolder]);
  assert.equal(expired.code, 3);
  assert.match(expired.stderr, /The log of build record \S+ expired on \d{4}-\d\d-\d\d\./);
});
