import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createClient } from '../client/src/client.ts';
import { native, startServer } from './support/slipway.ts';

test('writes and denials of both APIs stand in the record of calls, with who, what and whence, before the server ends', async (t) => {
  const server = await startServer(t);
  const { client, root, dataFolder } = server;
  await client.call('CreateUser', { UserName: 'eve' });
  const { AccessKey } = await client.call('CreateAccessKey', { UserName: 'eve' });
  const pair = { accessKeyId: AccessKey?.AccessKeyId ?? '', accessKeySecret: AccessKey?.AccessKeySecret ?? '' };
  const eve = createClient({ endpoint: root.Endpoint, ...pair });
  await assert.rejects(eve.call('DeleteUser', { UserName: 'eve' }), /not authorized/);
  await assert.rejects(native(eve, '/api/v1/builds'), /NoPrivilege/);
  for (let i = 0; i < 5; i++) await client.call('ListInstance', {});
  assert.equal(await server.stop(), 0);

  using db = new DatabaseSync(join(dataFolder, 'db', 'slipway.sqlite'), { readOnly: true });
  const rows = db.prepare('select * from call_record order by sequence').all();
  const shown = rows.map((row) => [row.caller_arn, row.action, row.code, row.denied, row.calls, row.source_ip]);
  const owner = `acs:ram::${root.AccountId}:root`;
  const user = `acs:ram::${root.AccountId}:user/eve`;
  for (const expected of [
    [owner, 'ram:CreateUser', 'success', 0, 1, '127.0.0.1'],
    [owner, 'ram:CreateAccessKey', 'success', 0, 1, '127.0.0.1'],
    [user, 'ram:DeleteUser', 'NoPermission', 1, 1, '127.0.0.1'],
    [user, 'cr:ListRepositoryBuild', 'NoPrivilege', 1, 1, '127.0.0.1'],
  ]) {
    assert.ok(
      shown.some((row) => JSON.stringify(row) === JSON.stringify(expected)),
      JSON.stringify([expected, shown]),
    );
  }
  const reads = rows.filter(({ action }) => action === 'cr:ListInstance').map(({ calls }) => Number(calls));
  assert.equal(
    reads.reduce((sum, calls) => sum + calls, 0),
    5,
  );
});
