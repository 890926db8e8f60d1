import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { BaseRef } from '../protocol/request.ts';
import { loadBusybox, type SandboxUnderTest, skipReason, startSandboxUnderTest } from '../testing/sandbox.ts';

describe('base images over their limit', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  let old: string;
  before(async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'slipway-sandbox-'));
    old = join(dataFolder, 'sandbox', 'bases', 'test', 'f'.repeat(64));
    mkdirSync(join(old, 'overlay'), { recursive: true });
    writeFileSync(`${old}.size`, '4096');
    under = await startSandboxUnderTest({ baseCacheBytes: 0 }, dataFolder);
  });
  after(() => under.close());

  const load = (label: string) => loadBusybox(under.sandbox, under.dataFolder, { Labels: { label } });
  const isThere = async (base: BaseRef) => (await under.sandbox.findBase(base.scope, base.digest)) !== undefined;

  test('are removed where an earlier version unpacked them', () => {
    assert.deepEqual([existsSync(old), existsSync(`${old}.size`)], [false, false]);
  });

  test('are removed, except those that a build holds until its clean-up', async () => {
    const buildId = randomUUID();
    assert.ok(await under.sandbox.findBase(under.base.scope, under.base.digest, buildId));
    const second = await load('second');
    assert.deepEqual([await isThere(under.base), await isThere(second)], [true, true]);

    const third = await load('third');
    assert.deepEqual([await isThere(under.base), await isThere(second), await isThere(third)], [true, false, true]);

    await under.sandbox.cleanUp(buildId);
    const fourth = await load('fourth');
    assert.deepEqual([await isThere(under.base), await isThere(third), await isThere(fourth)], [false, false, true]);
    const left = readdirSync(join(under.dataFolder, 'sandbox', 'bases', fourth.scope));
    const name = fourth.digest.slice('sha256:'.length);
    assert.deepEqual(left, [name]);
    assert.deepEqual(under.leftovers(), []);
  });
});
