import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type SandboxUnderTest, skipReason, startSandboxUnderTest, testOwner } from './sandbox-under-test.ts';

const threeSteps = {
  Dockerfile:
    'FROM busybox\nCOPY secret.txt /secret.txt\nRUN cat /secret.txt && echo made > /made\nCMD ["cat", "/made"]\n',
  'secret.txt': 'read by the build\n',
};

describe('a build in the sandbox', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  test('gives an image folder to the owner, who could not have let the box read a file of mode 0600', async () => {
    const request = under.prepare(threeSteps);
    const { outcome, output } = await runRequest(under, request);
    assert.deepEqual(
      { ...outcome, detail: undefined },
      {
        exitCode: 0,
        phase: 'done',
        reason: 'exited',
        detail: undefined,
        oomKills: 0,
        pidsMaxEvents: 0,
        cacheUsed: true,
        layersUsed: true,
      },
      output,
    );
    assert.match(output, /^STEP 1\/4: FROM busybox\n/);
    assert.match(output, /^read by the build$/m);
    const image = join(under.dataFolder, 'work', request.buildId, 'out', 'img');
    const manifest = JSON.parse(readFileSync(join(image, 'manifest.json'), 'utf8'));
    assert.equal(manifest.mediaType, 'application/vnd.docker.distribution.manifest.v2+json');
    assert.equal(statSync(join(image, 'manifest.json')).uid, testOwner.uid);
    assert.equal(statSync(join(image, manifest.config.digest.slice(7))).uid, testOwner.uid);
    await under.sandbox.cleanUp(request.buildId);
    assert.deepEqual(under.leftovers(), []);
  });

  test('passes the status of a failing RUN', async () => {
    const { outcome, output } = await under.build({ Dockerfile: 'FROM busybox\nRUN echo before; exit 7\n' });
    assert.equal(outcome.reason, 'exited');
    assert.equal(outcome.exitCode, 7);
    assert.equal(outcome.phase, 'build');
    assert.match(output, /^before$/m);
    assert.match(output, /exit status 7/);
  });

  test('uses the layers of the build before it, in the same repository only', async () => {
    const repositoryId = `repository-${randomUUID()}`;
    const first = await under.build(threeSteps, { repositoryId });
    const second = await under.build(threeSteps, { repositoryId });
    const elsewhere = await under.build(threeSteps);
    assert.doesNotMatch(first.output, /Using cache/);
    assert.match(second.output, /Using cache/);
    assert.doesNotMatch(elsewhere.output, /Using cache/);
  });
});

async function runRequest(under: SandboxUnderTest, request: ReturnType<SandboxUnderTest['prepare']>) {
  const { runToEnd } = await import('./sandbox-under-test.ts');
  return runToEnd(under.sandbox, request);
}
