import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST_PLATFORM } from '#platform/platform.ts';
import { planDockerfile } from './dockerfile.ts';

const plan = (text: string) => planDockerfile({ path: 'D', text }, [], ['linux/amd64']);

test('a FROM for another platform requests that platform’s image, in any spelling; an unknown platform is the source’s fault', async () => {
  for (const own of ['linux/amd64', 'amd64', 'linux/x86_64', '$TARGETPLATFORM'])
    assert.equal((await plan(`FROM --platform=${own} a\n`)).images[0]?.platform, 'linux/amd64');
  for (const other of ['linux/arm64', 'arm64', 'linux/arm64/v8'])
    assert.equal((await plan(`FROM --platform=${other} a\n`)).images[0]?.platform, 'linux/arm64');
  for (const none of ['windows/amd64', 'linux/mips', '$NONE/x'])
    await assert.rejects(plan(`FROM --platform=${none} a\n`), /cannot be built: it must be one of .*linux\/arm64/);
});

test('a build for several platforms needs what each of them needs, once', async () => {
  const text = [
    'FROM --platform=$BUILDPLATFORM go AS builder',
    'ARG TARGETARCH',
    'RUN --mount=type=secret,id=s go build',
    'FROM base-${TARGETARCH} AS last',
    'COPY --from=builder /x /x',
    'COPY --from=tools /t /t',
  ].join('\n');
  const platforms = ['linux/s390x', 'linux/arm/v7'];
  const { images, stages, stepPlatforms, secretIds } = await planDockerfile({ path: 'D', text }, [], platforms);
  assert.deepEqual(
    images.map(({ image, platform, isBase }) => [image, platform, isBase]),
    [
      ['go', HOST_PLATFORM, true],
      ['base-s390x', 'linux/s390x', true],
      ['tools', 'linux/s390x', false],
      ['base-arm', 'linux/arm/v7', true],
      ['tools', 'linux/arm/v7', false],
    ],
  );
  assert.deepEqual(stages, [
    { name: 'builder', platform: HOST_PLATFORM, startsFromImage: true },
    { name: 'last', platform: undefined, startsFromImage: true },
  ]);
  // Nothing runs in the last stage, so it needs no emulator.
  assert.deepEqual([stepPlatforms, secretIds], [[HOST_PLATFORM], ['s']]);
});

test('a stage inherits the platform of the stage that it starts from', async () => {
  const { stages, stepPlatforms } = await plan(
    'FROM --platform=arm64 a AS one\nFROM one\nRUN x\nFROM scratch\nCOPY --from=1 x x\n',
  );
  assert.deepEqual(
    stages.map(({ platform, startsFromImage }) => [platform, startsFromImage]),
    [
      ['linux/arm64', true],
      ['linux/arm64', false],
      ['linux/amd64', false],
    ],
  );
  assert.deepEqual(stepPlatforms, ['linux/arm64']);
});
