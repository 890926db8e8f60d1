import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFinal, readLog, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { slipway, startServer, temporaryFolder } from '../support/slipway.ts';

const SKIP_LONG = process.env.SLIPWAY_TEST_LONG !== '1' && 'builds seven times: runs with SLIPWAY_TEST_LONG=1';
const SECRET = 'canary-that-only-one-stage-mounts';

test('ONBUILD of a base cannot read a secret that another stage mounts, and from another namespace it mounts nothing', {
  skip: SKIP_LONG,
}, async (t) => {
  const server = await startServer(t);
  const { client, dataFolder } = server;
  const build = async (image: string, lines: string[]) => {
    const key = await queueBuild(t, server, { Dockerfile: `${lines.join('\n')}\n`, canary: 'of the source' }, image);
    const status = await waitForStatus(client, key, isFinal);
    return { status, text: (await readLog(client, key)).map((line) => line.Message).join('\n') };
  };
  const file = join(temporaryFolder(t), 'secret');
  writeFileSync(file, SECRET);
  assert.equal((await slipway(['secret', 'set', 'own', '--file', file, '--data', dataFolder])).code, 0);

  const host = new URL(server.root.Endpoint).host;
  const stealing = 'ONBUILD RUN --mount=type=secret,id=own base64 /run/secrets/own; echo reached';
  const listing = 'ONBUILD RUN --mount=target=/s ls /s; echo reached';
  const over = (base: string) => [
    `FROM ${host}/${base}`,
    'FROM busybox',
    'RUN --mount=type=secret,id=own [ -s /run/secrets/own ]',
    'COPY --from=0 /etc/passwd /p',
  ];
  for (const [base, ...instructions] of [
    ['local/stealing:1', stealing],
    ['other/listing:1', listing],
    ['local/listing:1', listing],
  ] as const)
    assert.equal((await build(base, ['FROM busybox', ...instructions])).status, 'SUCCESS');

  const stolen = await build('local/app:1', over('local/stealing:1'));
  assert.equal(stolen.status, 'FAILED', stolen.text);
  assert.match(
    stolen.text,
    /local\/stealing:1: its ONBUILD "RUN --mount=.* may mount a secret, which ONBUILD is not allowed to;/,
  );
  const listed = await build('local/app:1', over('other/listing:1'));
  assert.equal(listed.status, 'FAILED', listed.text);
  assert.match(listed.text, /uses --mount, which is allowed only for a base in the namespace local of this registry;/);
  for (const { text } of [stolen, listed]) assert.doesNotMatch(text, /^reached$/m);

  const own = await build('local/app:1', over('local/listing:1'));
  assert.equal(own.status, 'SUCCESS', own.text);
  assert.match(own.text, /^canary\n[\s\S]*^reached$/m);
  // A base that was loaded before is also known with its instructions.
  assert.equal((await build('local/app:1', over('local/stealing:1'))).status, 'FAILED');
});

test('ONBUILD of a base takes files from a stage that nothing else needs, and from no image of its own choice', {
  skip: SKIP_LONG,
}, async (t) => {
  const server = await startServer(t);
  const host = new URL(server.root.Endpoint).host;
  const build = async (image: string, lines: string[]) => {
    const key = await queueBuild(t, server, { Dockerfile: `${lines.join('\n')}\n` }, image);
    const status = await waitForStatus(server.client, key, isFinal);
    return { status, text: (await readLog(server.client, key)).map((line) => line.Message).join('\n') };
  };
  const base = async (image: string, ...instructions: string[]) =>
    assert.equal((await build(image, ['FROM busybox', ...instructions])).status, 'SUCCESS');
  await base('local/tools:1', 'RUN echo of the tools >/tool');
  await base('other/taking:1', 'ONBUILD COPY --from=tools /made /made');
  await base('other/choosing:1', `ONBUILD COPY --from=${host}/local/tools:1 /tool /tool`);
  const over = (image: string) => [
    `FROM ${host}/local/tools:1 AS tools`,
    'RUN cp /tool /made',
    `FROM ${host}/${image}`,
    'RUN cat /made',
  ];
  const taken = await build('local/app:1', over('other/taking:1'));
  assert.equal(taken.status, 'SUCCESS', taken.text);
  assert.match(taken.text, /^of the tools$/m);
  assert.equal(taken.text.match(/^base image /gm)?.length, 2, taken.text);
  const chosen = await build('local/app:1', over('other/choosing:1'));
  assert.equal(chosen.status, 'FAILED', chosen.text);
});
