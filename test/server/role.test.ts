import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { native, slipway, startServer, temporaryFolder } from '../support/slipway.ts';

const isLong = process.env.SLIPWAY_TEST_LONG === '1';
const server = await startServer({ after }, { flags: ['--role', 'api'] });

test('a server with the role api has no sandbox and is ready; a build that it accepts waits, and says that no server builds', async (t) => {
  const { client, root, dataFolder } = server;
  assert.ok(!existsSync(join(dataFolder, 'run', 'sandbox.sock')), 'no helper');
  const ready = await fetch(`${root.Endpoint}/readyz`);
  assert.equal(ready.status, 200);
  assert.equal(((await ready.json()) as { Role: string }).Role, 'api');

  const source = temporaryFolder(t);
  writeFileSync(join(source, 'Dockerfile'), 'FROM scratch\nCOPY missing /\n');
  const env = {
    SLIPWAY_ENDPOINT: root.Endpoint,
    SLIPWAY_ACCESS_KEY_ID: root.AccessKeyId,
    SLIPWAY_ACCESS_KEY_SECRET: root.AccessKeySecret,
  };
  const asked = await slipway(['build', source, '--tag', 'team/app:v1', '--detach', '--json'], { env });
  assert.equal(asked.code, 0, asked.stderr);
  const path = `/api/v1/builds/${String(JSON.parse(asked.stdout).BuildRecordId)}`;
  const waiting = await native(client, path);
  assert.equal(waiting.Status, 'PENDING');
  assert.equal(waiting.WaitReason, 'no server of this instance builds; start one with the role all');
  await assert.rejects(native(client, '/api/v1/repositories/team/app/source/refs'), {
    message: /^403 .*"BUILDS_DISABLED".*has the role api: it cannot look at sources/,
  });

  await t.test(
    'the next server of the folder with the role all runs it',
    {
      skip: isLong ? false : 'starts a sandbox: runs in the longer tier',
    },
    async () => {
      await server.stop();
      const building = await startServer(t, { dataFolder });
      let build = await native(building.client, path);
      for (; build.Status === 'PENDING' || build.Status === 'BUILDING'; build = await native(building.client, path))
        await sleep(50);
      assert.equal(build.Status, 'FAILED', 'its Dockerfile copies what is not there');
      const { Role } = (await (await fetch(`${building.root.Endpoint}/readyz`)).json()) as { Role: string };
      assert.equal(Role, 'all');
    },
  );
});
