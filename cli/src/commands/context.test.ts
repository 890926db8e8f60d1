import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startGatewayUnderTest } from '../../../server/src/gateway/testing/gateway.ts';
import { readEnvironment } from '../input/environment.ts';
import { chooseServer } from '../server/choose-server.ts';
import { writeContexts } from '../server/context-file.ts';
import { documentsOf, runLines, succeeded } from '../testing/run-lines.ts';

test('a server is named once with its key, in a file that only its user may open, and commands then find it by name', async (t) => {
  await using gateway = await startGatewayUnderTest();
  const folder = mkdtempSync(join(tmpdir(), 'slipway-context-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const secret = join(folder, 'secret');
  writeFileSync(secret, `${gateway.accessKeySecret}\n`);
  const place = { env: { XDG_CONFIG_HOME: folder, SLIPWAY_DATA: '' } };
  const elsewhere = 'http://127.0.0.1:9';
  const results = await runLines(place, [
    `context add here --endpoint ${gateway.endpoint} --access-key-id ${gateway.accessKeyId} --secret-file ${secret}`,
    `context add there --endpoint ${elsewhere}/ --access-key-id key-2 --secret-file ${secret}`,
    'namespace create team',
    'context use there',
    'namespace list --context here --json',
    'context list --json',
  ]);
  const [, , , , named, listed] = succeeded(results);
  assert.ok(named && listed);
  assert.deepEqual(documentsOf(named)[0]?.NamespaceName, 'team');
  assert.deepEqual(documentsOf(listed), [
    { Name: 'here', Endpoint: gateway.endpoint, AccessKeyId: gateway.accessKeyId, Current: false },
    { Name: 'there', Endpoint: elsewhere, AccessKeyId: 'key-2', Current: true },
  ]);
  const file = join(folder, 'slipway', 'contexts.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(results.every(({ stdout, stderr }) => !`${stdout}${stderr}`.includes(gateway.accessKeySecret)));

  const [away, unknown, both, removed] = await runLines(place, [
    'namespace list',
    'namespace list --context nowhere',
    `namespace list --context here --endpoint ${elsewhere}`,
    'context remove there',
  ]);
  assert.deepEqual([away?.code, unknown?.code, both?.code, removed?.code], [4, 2, 2, 0]);
  assert.match(unknown?.stderr ?? '', /there is no context "nowhere"; there are here, there/);
  assert.deepEqual(Object.keys(JSON.parse(readFileSync(file, 'utf8'))), ['Contexts']);

  chmodSync(file, 0o640);
  assert.throws(
    () => chooseServer({ context: 'here' }, readEnvironment({ XDG_CONFIG_HOME: folder })),
    /holds secrets, and other users may open it; run chmod 600/,
  );
});

test('flags name the server before the environment, which names it before the current context', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-context-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const stored = { Endpoint: 'http://stored', AccessKeyId: 'stored', AccessKeySecret: 's' };
  const contexts = { Current: 'a', Contexts: { a: stored, b: { ...stored, Endpoint: 'http://b' } } };
  const env = { XDG_CONFIG_HOME: folder, SLIPWAY_ACCESS_KEY_ID: 'own', SLIPWAY_ACCESS_KEY_SECRET: 'own' };
  const chosen = (choice: Parameters<typeof chooseServer>[0], more: NodeJS.ProcessEnv = {}) => {
    const { endpoint, accessKeyId } = chooseServer(choice, readEnvironment({ ...env, ...more }));
    return [endpoint, accessKeyId];
  };
  assert.deepEqual(chosen({}), [undefined, 'own']);
  writeContexts(join(folder, 'slipway', 'contexts.json'), contexts);
  assert.deepEqual(chosen({}), ['http://stored', 'stored']);
  assert.deepEqual(chosen({ context: 'b' }), ['http://b', 'stored']);
  assert.deepEqual(chosen({}, { SLIPWAY_CONTEXT: 'b' }), ['http://b', 'stored']);
  assert.deepEqual(chosen({}, { SLIPWAY_ENDPOINT: 'http://e' }), ['http://e', 'own']);
  assert.deepEqual(chosen({}, { SLIPWAY_DATA: '/d' }), [undefined, 'own']);
  assert.deepEqual(chosen({ endpoint: 'http://f' }, { SLIPWAY_CONTEXT: 'b' }), ['http://f', 'own']);
  assert.deepEqual(chosen({ data: '/d' }, { SLIPWAY_CONTEXT: 'b' }), [undefined, 'own']);
  assert.throws(() => chosen({}, { SLIPWAY_CONTEXT: 'b', SLIPWAY_ENDPOINT: 'http://e' }), /both name a server/);
});
