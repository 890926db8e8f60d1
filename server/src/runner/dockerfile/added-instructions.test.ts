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

test('a stage that the ONBUILD of a base takes files from is built with all that it needs', async () => {
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

test('the ONBUILD of a base asks for no image and no secret, nor decides which one a step mounts', async () => {
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

test('an ONBUILD of more instructions than a Dockerfile may have is refused', async () => {
  await assert.rejects(
    needed(['RUN true\n'.repeat(6000)]),
    /ONBUILD of team\/base adds, the Dockerfile has \d+ instructions/,
  );
});
