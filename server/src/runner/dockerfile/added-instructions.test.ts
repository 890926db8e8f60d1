import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planDockerfile } from './dockerfile.ts';

const text = [
  'FROM golang AS tools',
  'ARG ID=own',
  'RUN --mount=type=secret,id=$ID go build',
  'FROM node AS Pages',
  'FROM alpine AS never',
  'FROM team/base',
  'RUN --mount=type=secret,id=$CHOSEN true',
].join('\n');

async function needed(onBuild: string[], image = 'team/base', platform = 'linux/amd64') {
  const added = [{ image, platform, onBuild }];
  const { images, secretIds } = await planDockerfile({ path: 'D', text }, [], ['linux/amd64'], { added });
  return [images.map((each) => each.image).join(' '), secretIds.join(' ')];
}

test('builds a stage from which a base’s ONBUILD takes files, with everything that the stage needs', async () => {
  assert.deepEqual(await needed([]), ['team/base', '']);
  for (const instruction of [
    'COPY --from=tools /a /a',
    'COPY --from=TOOLS --chown=1 /a /a',
    'COPY --from=0 /a /a',
    'copy \\\n# so\n --from=tools /a /a',
    'RUN --mount=from=tools,target=/t true',
  ])
    assert.deepEqual(await needed(['RUN true', instruction]), ['golang team/base', 'own'], instruction);
  const both = ['COPY --from=tools /a /a', 'COPY --from=pages /b /b'];
  assert.deepEqual(await needed(both), ['golang node team/base', 'own']);
  assert.deepEqual(await needed(both, 'docker.io/team/base:latest'), ['golang node team/base', 'own']);
});

test('the ONBUILD of a base requests no image and no secret, and does not decide which secret a step mounts', async () => {
  for (const instruction of [
    'COPY --from=registry.example/vault /a /a',
    'COPY --from=9 /a /a',
    'COPY --from=constructor /a /a',
    'RUN --mount=type=secret,id=vault true',
    'RUN --mount=from=registry.example/vault true',
    'ARG CHOSEN=vault',
    'ENV CHOSEN=vault',
    'ONBUILD COPY --from=tools /a /a',
    '# COPY --from=tools /a /a',
    '',
  ])
    assert.deepEqual(await needed([instruction]), ['team/base', ''], instruction);
  assert.deepEqual(await needed(['COPY --from=tools /a /a'], 'team/other'), ['team/base', '']);
  assert.deepEqual(await needed(['COPY --from=tools /a /a'], 'team/base', 'linux/arm64'), ['team/base', '']);
});

test('refuses an ONBUILD with more instructions than a Dockerfile may have', async () => {
  await assert.rejects(
    needed(['RUN true\n'.repeat(6000)]),
    /ONBUILD of team\/base adds, the Dockerfile has \d+ instructions/,
  );
});
