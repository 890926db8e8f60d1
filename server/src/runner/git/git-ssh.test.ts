import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { allowedAddresses } from '#address/address.ts';
import { parseLogin } from '#source/hosts/code-host.ts';
import { addRepository } from '../../../../test/support/peers/git-host.ts';
import { fingerprintOf, makeSshKey, skipSsh, startSshHost } from '../../../../test/support/peers/ssh-host.ts';
import { temporaryFolder } from '../../../../test/support/slipway.ts';
import { fetchUnderTest } from '../testing/git-fetch.ts';

test('distinguishes a key that the host does not accept, an unknown host key, and a missing repository', {
  skip: skipSsh,
}, async (t) => {
  const folder = temporaryFolder(t);
  const host = await startSshHost(t, folder);
  const commitId = addRepository(folder, 'team/app', { Dockerfile: 'FROM scratch\n' });
  const strange = makeSshKey(temporaryFolder(t), 'strange');
  const [SshKey, KnownHosts] = [readFileSync(host.keyFile, 'utf8'), readFileSync(host.knownHostsFile, 'utf8')];
  const fetch = async (path: string, fields: { SshKey?: string; KnownHosts?: string } = {}) => {
    const given = { User: undefined, Token: undefined, SshKey, KnownHosts, ...fields };
    const login = parseLogin('GITLAB', host.baseUrl, given);
    return fetchUnderTest(t, `${host.baseUrl}/${path}`, login ? { login } : {});
  };

  const good = await fetch('team/app.git');
  assert.equal(good.commit?.commitId, commitId, good.printed);
  assert.ok(existsSync(join(good.context, 'Dockerfile')));
  // Neither the key nor its agent's socket is left next to the source.
  assert.deepEqual(readdirSync(join(good.context, '..', 'home')), ['known_hosts']);

  const where = host.baseUrl.replace(/^ssh:\/\/root@([^/]*).*$/, '$1');
  const wrongKey = await fetch('team/app.git', { SshKey: readFileSync(strange, 'utf8') });
  assert.equal(
    wrongKey.refusal,
    `${where} does not accept the SSH key that is set for this code host (${fingerprintOf(strange)})`,
  );
  const [name] = KnownHosts.split(' ');
  const wrongHost = await fetch('team/app.git', { KnownHosts: `${name} ${readFileSync(`${strange}.pub`, 'utf8')}` });
  assert.match(wrongHost.refusal ?? 'none', /^the source host .* has a different host key than those set for it/);
  const changed = { host: { login: undefined, allowed: allowedAddresses([]), fix: 'another way' } };
  const denied = await fetchUnderTest(t, 'http://127.0.0.1/team/app.git', { changed });
  assert.match(
    denied.refusal ?? 'none',
    /the rule "loopback .*; the setting allow-addresses can allow it, or another way$/,
  );
  const missing = await fetch('team/nothing.git');
  assert.equal(missing.refusal, `there is no repository at ${host.baseUrl}/team/nothing.git`);
});
