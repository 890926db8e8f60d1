import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { HOST_PLATFORM } from '#platform/platform.ts';
import type { NamedBase } from '../protocol/request.ts';
import { fetchBusybox } from '../testing/foreign-busybox.ts';
import {
  loadBusybox,
  runToEnd,
  type SandboxUnderTest,
  skipLongReason,
  startSandboxUnderTest,
} from '../testing/sandbox.ts';

const foreign = HOST_PLATFORM === 'linux/arm64' ? 'linux/amd64' : 'linux/arm64';
const machine = foreign === 'linux/arm64' ? 'aarch64' : 'x86_64';

describe('platforms in the sandbox', { skip: skipLongReason }, () => {
  let under: SandboxUnderTest;
  let bases: NamedBase[];
  before(async () => {
    under = await startSandboxUnderTest();
    const busybox = await fetchBusybox(foreign.replace('linux/', ''));
    const other = await loadBusybox(under.sandbox, under.dataFolder, {}, under.base.name, busybox);
    bases = [
      { ...under.base, platform: HOST_PLATFORM },
      { ...other, platform: foreign },
    ];
  });
  after(() => under.close());

  test('builds for two platforms at once and runs the steps of the foreign one in an emulator that only the box knows', async () => {
    const formats = () =>
      readFileSync('/proc/mounts', 'utf8')
        .split('\n')
        .filter((line) => line.includes('binfmt_misc'));
    const mounted = formats();
    const Dockerfile = 'FROM busybox\nARG TARGETPLATFORM\nRUN echo "$TARGETPLATFORM runs on $(uname -m)" | tee /made\n';
    const platforms = [HOST_PLATFORM, foreign];
    const request = under.prepare({ Dockerfile }, { bases, platforms, stepPlatforms: platforms });
    const { outcome, output } = await runToEnd(under.sandbox, request);
    assert.equal(outcome.phase, 'done', output);
    assert.match(output, new RegExp(`^${foreign} runs on ${machine}$`, 'm'));
    assert.match(output, new RegExp(`^${HOST_PLATFORM} runs on (?!${machine})`, 'm'));
    assert.deepEqual(formats(), mounted);
    const image = join(under.dataFolder, 'work', request.buildId, 'out', 'img');
    const { manifests } = JSON.parse(readFileSync(join(image, 'manifest.json'), 'utf8'));
    const made = manifests.map(({ platform }: { platform: object }) => Object.values(platform).toSorted().join(' '));
    assert.deepEqual(made.toSorted(), ['amd64 linux', 'arm64 linux']);
    for (const { digest } of manifests) readFileSync(join(image, `${digest.slice('sha256:'.length)}.manifest.json`));
  });
});
