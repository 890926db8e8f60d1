import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { BuildRequest } from '../protocol/request.ts';
import {
  loadBusybox,
  prepareBase,
  readOutput,
  runToEnd,
  type SandboxUnderTest,
  skipLongReason,
  startSandboxUnderTest,
} from '../testing/sandbox.ts';

const THREE_STEPS = {
  Dockerfile: 'FROM busybox\nCOPY secret.txt /secret.txt\nRUN cat /secret.txt && echo made > /made\n',
  'secret.txt': 'read by the build\n',
};

describe('layers from elsewhere', { skip: skipLongReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  for (const packing of ['zstd', 'estargz'] as const)
    test(`builds on a base whose layers are packed with ${packing}, and leaves an image that every client reads`, async () => {
      const base = await loadBusybox(
        under.sandbox,
        under.dataFolder,
        {},
        'docker.io/library/busybox:latest',
        undefined,
        packing,
      );
      const request = under.prepare(THREE_STEPS, { bases: [base] });
      const { outcome, output } = await runToEnd(under.sandbox, request);
      assert.equal(outcome.phase, 'done', output);
      assert.match(output, /^read by the build$/m);
      const image = join(under.dataFolder, 'work', request.buildId, 'out', 'img');
      const { layers } = JSON.parse(readFileSync(join(image, 'manifest.json'), 'utf8'));
      assert.deepEqual(
        new Set(layers.map(({ mediaType }: { mediaType: string }) => mediaType)),
        new Set(['application/vnd.docker.image.rootfs.diff.tar.gzip']),
      );
      await under.sandbox.cleanUp(request.buildId);
    });

  test('takes steps from the cache that another build left, in a repository that has none', async () => {
    const first = under.prepare(THREE_STEPS, { cacheTo: 'max' });
    assert.equal((await runToEnd(under.sandbox, first)).outcome.phase, 'done');
    const cache = prepareBase(under.dataFolder, (folder) => {
      mkdirSync(dirname(folder), { recursive: true });
      renameSync(join(under.dataFolder, 'work', first.buildId, 'out', 'cache'), folder);
      const manifest = readFileSync(join(folder, 'manifest.json'));
      return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
    });
    await under.sandbox.loadBase(cache, { signal: new AbortController().signal });
    const { outcome, output } = await under.build(THREE_STEPS, { cacheFrom: [cache] });
    assert.equal(outcome.phase, 'done', output);
    assert.match(output, /^CACHED STEP \d\/\d: RUN cat/m);
    assert.doesNotMatch(output, /^read by the build$/m);
    for (const { buildId } of [first, cache]) await under.sandbox.cleanUp(buildId);
  });
});

describe('layers that another build is using', { skip: skipLongReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  test('makes a build wait for them as long as it may, and then report that it has none', async () => {
    const repositoryId = `repository-${randomUUID()}`;
    await under.build(THREE_STEPS, { repositoryId });
    const cancellation = new AbortController();
    let others: Promise<Awaited<ReturnType<SandboxUnderTest['build']>>[]> | undefined;
    await under.sandbox.runBuild(
      under.prepare({ Dockerfile: 'FROM busybox\nRUN echo started; sleep 600\n' }, { repositoryId }),
      {
        ...readOutput((text) => {
          if (text !== 'started\n') return;
          const hurried = under.build(THREE_STEPS, { repositoryId, cacheWaitMs: 100 });
          const waiting = under.build(THREE_STEPS, { repositoryId, cacheWaitMs: 600_000 });
          others = Promise.all([waiting, hurried]);
          // Once one has given up, the other waits only for this one.
          void hurried.then(() => cancellation.abort());
        }),
        signal: cancellation.signal,
      },
    );
    const [waiting, hurried] = (await others) ?? [];
    assert.ok(waiting && hurried, 'the step did not begin');
    assert.match(
      waiting.output,
      /^waiting for the layer cache, which another build of the repository is using\n(.|\n)*^CACHED /m,
    );
    assert.match(
      hurried.output,
      /^the layer cache is in use by another build of the repository: this build runs every step/m,
    );
    assert.doesNotMatch(hurried.output, /^CACHED /m);
    assert.deepEqual([waiting.outcome.cacheUsed, hurried.outcome.cacheUsed], [true, false]);
  });

  test('a build that waits for them ends at once when it is cancelled, and says nothing more', async () => {
    const repositoryId = `repository-${randomUUID()}`;
    const [holding, waiting] = [new AbortController(), new AbortController()];
    let waited: Promise<Awaited<ReturnType<SandboxUnderTest['build']>>> | undefined;
    const run = (request: BuildRequest, { signal }: AbortController, onText: (text: string) => void) => {
      let output = '';
      const reader = readOutput((text) => {
        output += text;
        onText(text);
      });
      return under.sandbox.runBuild(request, { ...reader, signal }).then((outcome) => ({ outcome, output }));
    };
    const held = await run(
      under.prepare({ Dockerfile: 'FROM busybox\nRUN echo started; sleep 600\n' }, { repositoryId }),
      holding,
      (text) => {
        if (text !== 'started\n') return;
        const request = under.prepare(THREE_STEPS, { repositoryId, cacheWaitMs: 600_000 });
        waited = run(request, waiting, () => waiting.abort());
        // The other build has the cache until this one has ended.
        void waited.finally(() => holding.abort());
      },
    );
    const { outcome, output } = (await waited) ?? {};
    assert.equal(output, 'waiting for the layer cache, which another build of the repository is using\n');
    assert.deepEqual([outcome?.reason, outcome?.phase], ['cancelled', 'setup']);
    assert.equal(held.outcome.reason, 'cancelled');
  });
});
