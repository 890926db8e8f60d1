import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMailServer } from '../../server/src/outgoing/testing/mail-server.ts';
import { pushSmallImage, smallImage } from '../support/images/small-image.ts';
import { makeAuthority } from '../support/peers/certificates.ts';
import { pairOf, slipway, startServer, temporaryFolder } from '../support/slipway.ts';

test('a push is mailed over STARTTLS with a login whose password is in a file, and the rule lists the delivery', async (t) => {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const authority = makeAuthority(folder);
  const files = authority.issue('127.0.0.1');
  const password = join(folder, 'password');
  writeFileSync(password, 's3cret\n', { mode: 0o600 });
  const mail = await startMailServer(t, {
    cert: readFileSync(files.cert),
    key: readFileSync(files.key),
    authOptional: false,
    onAuth: (auth, _, done) =>
      auth.password === 's3cret' ? done(null, { user: auth.username }) : done(new Error('wrong password')),
  });
  const flags = [
    ...['--no-builds', '--smtp-url', `smtp://localhost:${mail.port}`, '--smtp-from', 'slipway@example.com'],
    ...['--smtp-user', 'slipway', '--smtp-password-file', password, '--trusted-ca-file', authority.certificate],
    ...['--mail-domains', 'example.com'],
  ];
  const server = await startServer(t, { flags });
  const { InstanceId } = server.root;
  await server.client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE' as const, Summary: 's' };
  await server.client.call('CreateRepository', { InstanceId, ...repository });
  const rule = (...args: string[]) => slipway(['event-rule', ...args, '--data', server.dataFolder]);
  const refused = await rule('create', 'pushes', 'push', '--mail', 'ann@example.org');
  assert.match(refused.stderr, /ann@example\.org may not get mail: the setting mail-domains allows example\.com/);
  const both = await rule('create', 'pushes', 'push', 'https://events.example', '--mail', 'ann@example.com');
  assert.deepEqual([both.code, /not both/.test(both.stderr)], [2, true]);
  const made = await rule('create', 'pushes', 'push', '--mail', 'ann@example.com,bob@example.com');
  assert.equal(made.code, 0, made.stderr);
  const login = { endpoint: server.root.Endpoint, ...pairOf(server.root) };
  await pushSmallImage(login, 'team/app', 'v1', smallImage(Buffer.from('a layer'), 'v1'));
  while (mail.taken.length === 0) await sleep(50);
  const [taken = assert.fail()] = mail.taken;
  assert.deepEqual(taken.to, ['ann@example.com', 'bob@example.com']);
  assert.deepEqual([taken.user, taken.isEncrypted], ['slipway', true]);
  assert.equal(taken.headers.find(([name]) => name === 'Subject')?.[1], 'Image pushed: team/app:v1');
  assert.match(taken.body, new RegExp(`${server.root.Endpoint}/console/repositories/team/app`));
  let listed = '';
  while (!/delivered/.test(listed)) listed = (await rule('deliveries', 'pushes')).stdout;
  assert.match(listed, /team\/app:v1 +delivered$/m);
  assert.match((await rule('list')).stdout, /mailto:ann@example\.com,bob@example\.com/);
  assert.doesNotMatch(server.stderr(), /s3cret/);
});
