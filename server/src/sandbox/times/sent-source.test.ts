import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BuildRequest } from '../protocol/request.ts';
import {
  runToEnd,
  type SandboxUnderTest,
  skipLongReason,
  startSandboxUnderTest,
  TEST_OWNER,
} from '../testing/sandbox.ts';

const BIG_BYTES = 48 * 2 ** 20;
/** Far less than the large file, and more than what a build writes besides. */
const LITTLE_BYTES = 16 * 2 ** 20;
/** Takes the whole source, and leaves nothing of it in the image. */
const DOCKERFILE = 'FROM busybox\nRUN --mount=type=bind,target=/src echo "$(cat /src/text)."; sha256sum /src/big\n';

describe('what the builder takes from a source', { skip: skipLongReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  const big = randomBytes(BIG_BYTES);
  const prepare = (text: string, options: Partial<BuildRequest>): BuildRequest => {
    const request = under.prepare({ Dockerfile: DOCKERFILE, text }, options);
    const context = join(under.dataFolder, 'work', request.buildId, 'context');
    writeFileSync(join(context, 'big'), big);
    for (const name of ['Dockerfile', 'text', 'big']) utimesSync(join(context, name), 1_700_000_000, 1_700_000_000);
    return request;
  };
  const storeFolder = (id: string) => join(under.dataFolder, 'sandbox', 'stores', id);
  const writtenBytes = (id: string) => statSync(join(storeFolder(id), 'store.img')).blocks * 512;
  const isRecorded = (id: string) => existsSync(join(storeFolder(id), 'source-times'));

  for (const isFetched of [false, true])
    test(`is what changed in it since the last build that made an image (${isFetched ? 'fetched' : 'sent'})`, async () => {
      const repositoryId = isFetched ? 'fetched' : 'sent';
      let textBefore: string | undefined;
      for (const text of ['one', 'one', 'two', 'six', 'ten']) {
        const beforeBytes = existsSync(storeFolder(repositoryId)) ? writtenBytes(repositoryId) : 0;
        const request = prepare(text, { repositoryId, isFetched });
        // What a clone has: the time when it was made.
        if (isFetched)
          utimesSync(join(under.dataFolder, 'work', request.buildId, 'context', 'big'), new Date(), new Date());
        const { outcome, output } = await runToEnd(under.sandbox, request);
        assert.equal(outcome.phase, 'done', output);
        assert.match(output, text === textBefore ? /^CACHED /m : new RegExp(`^${text}[.]$`, 'm'));
        if (textBefore) assert.ok(writtenBytes(repositoryId) - beforeBytes < LITTLE_BYTES, 'all of it was taken again');
        textBefore = text;
        await under.sandbox.cleanUp(request.buildId);
      }
    });

  test('is everything after a build that failed', async () => {
    for (const [end, code] of [
      ['', 0],
      ['RUN exit 3\n', 1],
    ] as const) {
      const files = { Dockerfile: `${DOCKERFILE}${end}`, text: 'x', big: 'x' };
      const request = under.prepare(files, { repositoryId: 'failing' });
      assert.equal((await runToEnd(under.sandbox, request)).outcome.exitCode, code);
      assert.equal(isRecorded('failing'), code === 0);
      await under.sandbox.cleanUp(request.buildId);
    }
  });

  test('is everything, with the reason in the log, if no record of it can be kept', async () => {
    const kept = join(storeFolder('unkept'), 'source-times.before');
    mkdirSync(kept, { recursive: true });
    // Root may remove everything else.
    execFileSync('mount', ['-t', 'tmpfs', 'kept', kept]);
    try {
      const request = prepare('unkept', { repositoryId: 'unkept' });
      const { outcome, output } = await runToEnd(under.sandbox, request);
      assert.equal(outcome.phase, 'done', output);
      assert.match(output, /^the builder takes the whole source, .*: no record of it can be kept \(unknown error\)$/m);
      await under.sandbox.cleanUp(request.buildId);
    } finally {
      execFileSync('umount', [kept]);
    }
  });

  test('is told by the names of build contexts, in any order and number', async () => {
    const COPIES = 'FROM busybox\nRUN --mount=type=bind,from=b,target=/b echo "b is $(cat /b/f)."\n';
    for (const contexts of [['a', 'b'], ['b'], ['b', 'a'], ['c', 'a', 'b'], ['b', 'c']]) {
      const request = under.prepare(
        { Dockerfile: `${COPIES}# ${contexts.join(' ')}\n` },
        { repositoryId: 'contexts', contexts: contexts.map((name, at) => ({ name, folder: `named-${at}` })) },
      );
      const text = contexts.join('').padEnd(4, '-');
      for (const [at, name] of contexts.entries()) {
        const folder = join(under.dataFolder, 'work', request.buildId, `named-${at}`);
        mkdirSync(folder);
        writeFileSync(join(folder, 'f'), name === 'b' ? text : contexts.length === 2 ? 'b---' : 'bc--');
        utimesSync(join(folder, 'f'), 1_700_000_000, 1_700_000_000);
        chownSync(folder, TEST_OWNER.uid, TEST_OWNER.gid);
      }
      const { outcome, output } = await runToEnd(under.sandbox, request);
      assert.equal(outcome.phase, 'done', output);
      assert.match(output, new RegExp(`^b is ${text}[.]$`, 'm'));
      await under.sandbox.cleanUp(request.buildId);
    }
  });

  test('is right after builds that were killed at any moment', async () => {
    for (let round = 0; round < 6; round += 1) {
      const killed = prepare(`killed ${round}`, { repositoryId: 'killed' });
      const abort = new AbortController();
      const ended = runToEnd(under.sandbox, killed, abort.signal);
      await sleep(randomInt(1500));
      abort.abort();
      await ended;
      await under.sandbox.cleanUp(killed.buildId);
      const request = prepare(`whole  ${round}`, { repositoryId: 'killed' });
      const { outcome, output } = await runToEnd(under.sandbox, request);
      assert.equal(outcome.phase, 'done', output);
      assert.match(output, new RegExp(`^whole {2}${round}[.]$`, 'm'));
      assert.ok(isRecorded('killed'));
      await under.sandbox.cleanUp(request.buildId);
    }
  });
});
