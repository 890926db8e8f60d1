import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { allowedAddresses } from '#address/address.ts';
import { addSubmodules, startGitHost } from '../../../../test/support/peers/git-host.ts';
import { fetchUnderTest } from '../testing/git-fetch.ts';
import { openRemote } from './git-remote.ts';
import { resolveUrl } from './git-submodules.ts';

test('submodules are fetched at their commits, including relative and nested ones, and a token is sent only to its own host', async (t) => {
  const login = { user: 'oauth2', token: 'to-ken-to-ken' };
  const authorization = `Basic ${Buffer.from('oauth2:to-ken-to-ken').toString('base64')}`;
  const shown: (string | undefined)[] = [];
  const host = await startGitHost(t, { authorization });
  const other = await startGitHost(t, { onRequest: ({ headers }) => shown.push(headers.authorization) });
  const deep = other.addRepository('team/deep', { word: 'from the depth\n' });
  host.addRepository('team/lib', { code: 'x\n' });
  const lib = addSubmodules(host.folder, 'team/lib', [
    { at: 'deep', url: `${other.url}/team/deep.git`, commitId: deep },
  ]);
  host.addRepository('team/app', { Dockerfile: 'FROM scratch\n' });
  addSubmodules(host.folder, 'team/app', [{ at: 'sub/lib', url: '../lib.git', commitId: lib }]);
  other.addCommit('team/deep', { word: 'later\n' });

  const end = await fetchUnderTest(t, `${host.url}/team/app.git`, { login });

  assert.equal(end.refusal, undefined);
  assert.equal(end.said[0], `submodule sub/lib: ${host.url}/team/lib.git, at ${lib}`);
  assert.ok(existsSync(join(end.context, 'Dockerfile')) && existsSync(join(end.context, 'sub/lib/code')));
  assert.equal(readFileSync(join(end.context, 'sub/lib/deep/word'), 'utf8'), 'from the depth\n');
  assert.deepEqual(globSync(['.git', '**/.git'], { cwd: end.context }), []);
  assert.deepEqual(new Set(shown), new Set([undefined]));

  const without = await fetchUnderTest(t, `${host.url}/team/app.git`, { login, changed: { submodules: false } });
  assert.deepEqual(without.said, ['submodules are not fetched (setting source-submodules): sub/lib']);
});

test('a submodule may not use a host or protocol that its source may not', async () => {
  const parent = 'https://git.example/team/app.git';
  const cases: [title: string, url: string, reason: RegExp][] = [
    ['a path of the machine', '/etc/lib.git', /is not an https:\/\/, http:\/\/ or ssh:\/\/ address/],
    ['a file', 'file:///etc/lib.git', /is not an https/],
    ['a program', 'ext::sh -c touch% /x', /is not an https/],
    ['an option', '--upload-pack=touch /x', /is not an https/],
    ['a private address', 'http://10.0.0.1/lib.git', /10\.0\.0\.1, which the rule "private/],
    ['the metadata address', 'http://169.254.169.254/lib.git', /link-local/],
    ['the own machine by a number', 'http://2130706433/lib.git', /loopback/],
    ['a login in it', 'http://me:pw@127.0.0.1/lib.git', /must not contain a user or a password/],
    ['a key that nobody has', 'git@127.0.0.1:lib.git', /ssh:\/\/git@127\.0\.0\.1\/lib\.git needs an SSH key/],
  ];
  const reach = { proxies: { proxy: undefined, direct: [] }, authorities: undefined };
  for (const [title, url, reason] of cases) {
    const host = { login: undefined, allowed: allowedAddresses([]) };
    const refusal = await openRemote(resolveUrl(url, parent), host, '/nonexistent', reach).then(
      () => '',
      (error: Error) => error.message,
    );
    assert.match(refusal, reason, title);
  }
  assert.equal(resolveUrl('../../other/lib.git', parent), 'https://git.example/other/lib.git');
  assert.equal(resolveUrl('./lib.git', 'ssh://git@h:2222/team/app.git'), 'ssh://git@h:2222/team/app.git/lib.git');
});

test('submodules have limits in number and depth, and need an address that is not an option', async (t) => {
  const host = await startGitHost(t);
  let commitId = host.addRepository('team/level-0', { code: 'x' });
  for (const at of [1, 2, 3, 4]) {
    host.addRepository(`team/level-${at}`, { name: `${at}` });
    const below = { at: 'below', url: `../level-${at - 1}.git`, commitId };
    commitId = addSubmodules(host.folder, `team/level-${at}`, [below]);
  }
  const deep = await fetchUnderTest(t, `${host.url}/team/level-4.git`);
  assert.match(deep.refusal ?? 'none', /submodules are nested more than 3 deep/);

  addSubmodules(
    host.folder,
    'team/level-1',
    Array.from({ length: 21 }, (_, at) => ({ at: `m${at}`, url: '../level-0.git', commitId })),
  );
  const many = await fetchUnderTest(t, `${host.url}/team/level-1.git`);
  assert.match(many.refusal ?? 'none', /more than 20 submodules, which is the limit/);

  addSubmodules(host.folder, 'team/level-2', [{ at: 'below', commitId }]);
  const nowhere = await fetchUnderTest(t, `${host.url}/team/level-2.git`);
  assert.equal(nowhere.refusal, '.gitmodules has no address for the submodule below');

  addSubmodules(host.folder, 'team/level-3', [{ at: 'below', url: '--upload-pack=touch', commitId }]);
  const option = await fetchUnderTest(t, `${host.url}/team/level-3.git`);
  assert.match(option.refusal ?? 'none', /^git refuses the content of http:.*: gitmodulesUrl$/);
});
