import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSubmodule, startGitHost } from './support/git-host.ts';
import { printedLines, slipway, startServer } from './support/slipway.ts';

const TREE = 'FROM busybox\nCOPY . /src\nRUN cd /src && find . -type f | sort && cat lib/deep/word\n';

test('submodules are named in the log, and with the setting fetched: relative and absolute ones, and those in them', async (t) => {
  const host = await startGitHost(t);
  const deep = host.addRepository('team/deep', { word: 'from the depth\n' });
  host.addRepository('team/lib', { code: 'x\n' });
  const lib = addSubmodule(host.folder, 'team/lib', { at: 'deep', url: `${host.url}/team/deep.git`, commitId: deep });
  host.addRepository('team/app', { Dockerfile: TREE });
  addSubmodule(host.folder, 'team/app', { at: 'lib', url: '../lib.git', commitId: lib });
  const build = async (...flags: string[]) => {
    const server = await startServer(t, { flags: ['--allow-addresses', '127.0.0.1', ...flags] });
    const ended = await slipway(['build', `${host.url}/team/app.git`, '--data', server.dataFolder]);
    await server.stop();
    return { ...ended, lines: printedLines(ended.stdout).map((line) => line.Message) };
  };

  const without = await build();
  assert.equal(without.code, 1, without.stdout);
  assert.ok(without.lines.includes('submodules are not fetched (setting source-submodules): lib'), without.stdout);
  const good = await build('--source-submodules', 'true');
  assert.equal(good.code, 0, good.stdout);
  assert.ok(good.lines.includes(`submodule lib: ${host.url}/team/lib.git, at ${lib}`), good.stdout);
  // No .git of any of them is in the context.
  const found = good.lines.filter((line) => line.startsWith('./'));
  assert.deepEqual(found, ['./.gitmodules', './Dockerfile', './lib/.gitmodules', './lib/code', './lib/deep/word']);
  assert.ok(good.lines.includes('from the depth'), good.stdout);
});

test('a submodule leads nowhere that its source may not, and is not shown the token of another host', async (t) => {
  const asked: (string | undefined)[] = [];
  const host = await startGitHost(t);
  const other = await startGitHost(t, { onRequest: ({ headers }) => asked.push(headers.authorization) });
  const commitId = host.addRepository('team/lib', { code: 'x\n' });
  other.addRepository('team/lib', { code: 'x\n' });
  const server = await startServer(t, { flags: ['--allow-addresses', '127.0.0.1', '--source-submodules', 'true'] });
  const cases: [title: string, url: string, reason: RegExp][] = [
    ['a path of the machine', '/etc', /"\/etc" is not an https:\/\/, http:\/\/ or ssh:\/\/ address/],
    ['a file', 'file:///etc', /is not an https/],
    ['a program', 'ext::sh -c touch% /tmp/x', /is not an https/],
    ['an option', '--upload-pack=touch /tmp/x', /^git refuses what stands in http:.*: gitmodulesUrl$/],
    ['a private address', 'http://10.0.0.1/lib.git', /10\.0\.0\.1, which the rule "private/],
    ['the metadata address', 'http://169.254.169.254/lib.git', /link-local/],
    ['another host’s login', 'http://me:pw@git.example/lib.git', /must not carry a user or a password/],
    [
      'a key that nobody has',
      'git@127.0.0.1:team/lib.git',
      /ssh:\/\/git@127\.0\.0\.1\/team\/lib\.git needs an SSH key/,
    ],
    ['itself, without end', '../app-9.git', /there is no (commit|repository)/],
  ];
  for (const [at, [title, url, reason]] of cases.entries()) {
    host.addRepository(`team/app-${at}`, { Dockerfile: 'FROM scratch\n' });
    addSubmodule(host.folder, `team/app-${at}`, { at: 'lib', url, commitId });
    const ended = await slipway(['build', `${host.url}/team/app-${at}.git`, '--data', server.dataFolder]);
    assert.equal(ended.code, 1, `${title}: ${ended.stdout}`);
    assert.match(printedLines(ended.stdout).at(-2)?.Message ?? '', reason, title);
    assert.ok(!ended.stdout.includes('me:pw'), title);
  }
  assert.deepEqual(asked, []);
});
