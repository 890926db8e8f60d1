import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs } from '../../server/src/gateway/testing/caller.ts';
import { operationSpecs } from '../../server/src/rpc/spec.gen.ts';
import { checkEveryReply } from '../support/replies/every-reply.ts';
import { givenProgram } from './pinned.ts';
import { makeHome } from './programs.ts';

test('the aliyun CLI calls every operation and prints every reply', async (t) => {
  const aliyun = givenProgram(t, 'aliyun');
  if (aliyun === undefined) return;
  const home = makeHome(t);
  const unknown = new Set<string>();
  await checkEveryReply(async (gateway, key, action, params = {}) => {
    if (operationSpecs[action].product !== 'cr') return callAs(gateway, key, action, params);
    const { accessKeyId, accessKeySecret, host } = gateway;
    const login = ['--mode', 'AK', '--access-key-id', accessKeyId, '--access-key-secret', accessKeySecret];
    const given = Object.entries(params).flatMap(([name, value]) => [`--${name}`, value]);
    const args = ['cr', action, ...given, ...login, '--region', 'local', '--endpoint', host, '--insecure'];
    const { code, stdout, stderr } = await home.end(aliyun, args);
    const said = stdout + stderr;
    const lacks = /'(--[\w.]+)' is not a valid parameter|(invalid argument|not a valid api)/i.exec(said);
    if (code !== 0 && lacks) {
      unknown.add(`${action} ${lacks[1] ?? ''}`.trim());
      return callAs(gateway, key, action, params);
    }
    assert.equal(code, 0, `${action}: ${said}`);
    return { status: 200, body: JSON.parse(stdout) };
  });
  t.diagnostic(`called ourselves, since this version does not know it: ${[...unknown].join(', ') || 'nothing'}`);
  assert.ok(unknown.size < 20, 'it knows few operations');
});
