import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { RefusedRequest } from '../protocol/request.ts';
import { runToEnd, type SandboxUnderTest, skipReason, startSandboxUnderTest, TEST_OWNER } from '../testing/sandbox.ts';

describe('a malicious owner', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  let outside: string;
  before(async () => {
    under = await startSandboxUnderTest();
    outside = mkdtempSync(join(tmpdir(), 'slipway-outside-'));
    mkdirSync(join(outside, 'context'));
    writeFileSync(join(outside, 'context', 'Dockerfile'), 'FROM busybox\n');
  });
  after(async () => {
    rmSync(outside, { recursive: true, force: true });
    await under.close();
  });
  const untouched = (): void => {
    assert.deepEqual(readdirSync(outside), ['context']);
    assert.equal(statSync(join(outside, 'context', 'Dockerfile')).uid, 0);
  };

  test('cannot replace the source folder with a link', async () => {
    const request = under.prepare({ Dockerfile: 'FROM busybox\n' });
    const folder = join(under.dataFolder, 'work', request.buildId);
    rmSync(join(folder, 'context'), { recursive: true });
    symlinkSync(join(outside, 'context'), join(folder, 'context'));
    await assert.rejects(runToEnd(under.sandbox, request), RefusedRequest);
    untouched();
  });

  test('cannot replace the build’s folder with a link, before a build or a clean-up', async () => {
    const request = under.prepare({ Dockerfile: 'FROM busybox\n' });
    const folder = join(under.dataFolder, 'work', request.buildId);
    rmSync(folder, { recursive: true });
    symlinkSync(outside, folder);
    await assert.rejects(runToEnd(under.sandbox, request));
    untouched();
    await under.sandbox.cleanUp(request.buildId);
    untouched();
    assert.ok(!existsSync(folder));
  });

  test('cannot hand over another user’s folder', async () => {
    const request = under.prepare({ Dockerfile: 'FROM busybox\n' });
    const folder = join(under.dataFolder, 'work', request.buildId);
    chownSync(folder, TEST_OWNER.uid + 1, TEST_OWNER.gid);
    await assert.rejects(runToEnd(under.sandbox, request), { code: 'no-input', message: /belongs to user/ });
    assert.ok(existsSync(join(folder, 'context', 'Dockerfile')));
  });

  test('cannot lead root elsewhere by exchanging the sandbox folder', async () => {
    const folder = join(under.dataFolder, 'sandbox');
    renameSync(folder, `${folder}-moved`);
    mkdirSync(folder);
    try {
      const { outcome } = await under.build({ Dockerfile: 'FROM busybox\nRUN echo fine\n' });
      assert.equal(outcome.phase, 'done');
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      rmSync(folder, { recursive: true });
      renameSync(`${folder}-moved`, folder);
    }
  });

  test('may clean up what never existed', async () => {
    await under.sandbox.cleanUp(randomUUID());
  });
});
