import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeAuthority } from '../../../../test/support/peers/certificates.ts';
import { startGitHost } from '../../../../test/support/peers/git-host.ts';
import { startProxy } from '../../../../test/support/peers/proxy.ts';
import { temporaryFolder } from '../../../../test/support/slipway.ts';
import { fetchUnderTest } from '../testing/git-fetch.ts';

/** A name that no resolver knows: RFC 6761. */
const NAME = 'git.invalid';

test('a host that only the proxy knows is cloned through it, and a host in no-proxy without it', async (t) => {
  const host = await startGitHost(t);
  const commitId = host.addRepository('team/app', { Dockerfile: 'FROM scratch\n' });
  const proxy = await startProxy(t);
  const reach = { proxies: { proxy: proxy.url, direct: ['127.0.0.0/8'] }, authorities: undefined };
  const named = host.url.replace('127.0.0.1', NAME);

  const through = await fetchUnderTest(t, `${named}/team/app.git`, { changed: { reach } });
  assert.equal(through.commit?.commitId, commitId, through.refusal);
  assert.ok(proxy.asked[0]?.startsWith(`GET ${named}/team/app.git/info/refs`), proxy.asked.join());
  const asked = proxy.asked.length;
  const direct = await fetchUnderTest(t, `${host.url}/team/app.git`, { changed: { reach } });
  assert.equal(direct.commit?.commitId, commitId, direct.refusal);
  assert.equal(proxy.asked.length, asked);
});

test('a configured private authority is trusted, through a tunnel that sees no token; otherwise it is the reported reason', async (t) => {
  const authority = makeAuthority(temporaryFolder(t));
  const login = { user: 'oauth2', token: 'to-ken-to-ken' };
  const authorization = `Basic ${Buffer.from('oauth2:to-ken-to-ken').toString('base64')}`;
  const host = await startGitHost(t, { authorization, tls: authority.issue('127.0.0.1', NAME) });
  const commitId = host.addRepository('team/app', { Dockerfile: 'FROM scratch\n' });
  const proxy = await startProxy(t);
  const refusing = await startProxy(t, { status: 403 });
  const named = host.url.replace('127.0.0.1', NAME);
  const fetch = (url: string, authorities?: string) => {
    const reach = { proxies: { proxy: url, direct: [] }, authorities };
    return fetchUnderTest(t, `${named}/team/app.git`, { login, changed: { reach } });
  };
  const trusted = readFileSync(authority.certificate, 'utf8');

  const good = await fetch(proxy.url, trusted);
  assert.equal(good.commit?.commitId, commitId, good.refusal);
  assert.deepEqual(new Set(proxy.asked), new Set([`CONNECT ${new URL(named).host}`]));
  const { host: where } = new URL(named);
  const unknown = await fetch(proxy.url);
  assert.ok(
    unknown.refusal?.startsWith(`the certificate of ${where} is not trusted (setting trusted-ca-file)`),
    unknown.refusal,
  );
  const refused = await fetch(refusing.url, trusted);
  assert.equal(refused.refusal, `the proxy ${refusing.url} does not lead to ${where} (HTTP 403)`);
  const down = await fetch('http://127.0.0.1:1', trusted);
  assert.equal(down.refusal, `the source host ${where} cannot be reached through the proxy http://127.0.0.1:1`);
});
