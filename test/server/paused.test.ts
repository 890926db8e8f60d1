import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { native, slipway, startServer, temporaryFolder } from '../support/slipway.ts';

test('a paused server starts no build and says why, everywhere that it is asked, and slipway resume lets it continue', async (t) => {
  const server = await startServer(t);
  const { dataFolder, client, root } = server;
  const on = ['--data', dataFolder];
  const paused = await slipway(['pause', ...on, '--json']);
  assert.deepEqual(JSON.parse(paused.stdout), { DataFolder: dataFolder, Paused: true });

  const source = temporaryFolder(t);
  writeFileSync(join(source, 'Dockerfile'), 'FROM scratch\nCOPY missing /\n');
  const asked = await slipway(['build', source, '--tag', 'team/app:v1', '--detach', '--json', ...on]);
  assert.equal(asked.code, 0, asked.stderr);
  const id = String(JSON.parse(asked.stdout).BuildRecordId);
  const build = () => native(client, `/api/v1/builds/${id}`);
  const waiting = await build();
  assert.deepEqual([waiting.Status, waiting.QueuePosition], ['PENDING', 1]);
  assert.match(String(waiting.WaitReason), /the server is paused .* slipway resume/);
  const ready = await fetch(`${root.Endpoint}/readyz`);
  assert.deepEqual(
    [ready.status, ((await ready.json()) as { Problems: string[] }).Problems[0]],
    [503, waiting.WaitReason],
  );
  assert.match(await (await fetch(`${root.Endpoint}/metrics`)).text(), /^slipway_builds_held 1$/m);
  assert.match(server.stderr(), /WARN {2}no build starts reason="the server is paused/);

  const resumed = await slipway(['resume', ...on]);
  assert.equal(resumed.code, 0, resumed.stderr);
  let ended = await build();
  for (; ended.Status === 'PENDING' || ended.Status === 'BUILDING'; ended = await build()) await sleep(50);
  assert.equal(ended.Status, 'FAILED');
  assert.equal(ended.WaitReason, undefined);
  assert.match(server.stderr(), /INFO {2}builds start again/);
  assert.match(server.stderr(), new RegExp(`INFO  build ${id} began repository=team/app tag=v1`));
});
