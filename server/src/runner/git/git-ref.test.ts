import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { allowedAddresses } from '#address/address.ts';
import { type GitHost, startGitHost } from '../../../../test/support/peers/git-host.ts';
import { fetchUnderTest } from '../testing/git-fetch.ts';

const NAMES = ['feature/#1-x', '功能/登录', 'fix@home', '$(touch;x)'];

test('a branch with any name that Git allows is fetched, by its short name and by the commit of a push', async (t) => {
  const host = await startGitHost(t);
  const first = host.addRepository('team/app', { word: 'main' });
  for (const [at, name] of NAMES.entries()) commitOn(host, name, { word: `branch ${at}` });
  for (const [at, name] of NAMES.entries()) {
    const { context, refusal } = await fetch(host, name);
    assert.equal(refusal, undefined, name);
    assert.equal(readFileSync(join(context, 'word'), 'utf8'), `branch ${at}`);
  }
  const fixed = await fetchUnderTest(t, `${host.url}/team/app.git`, {
    changed: { ref: `refs/heads/${NAMES[0]}`, commitId: first },
  });
  assert.equal(fixed.commit?.commitId, first);

  function fetch(of: GitHost, ref: string) {
    return fetchUnderTest(t, `${of.url}/team/app.git`, { changed: { ref } });
  }
});

const noIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'))
  ? false
  : 'this machine has no IPv6 loopback';

test('a source at an IPv6 address is fetched if the address is allowed, and otherwise refused with the rule', {
  skip: noIpv6,
}, async (t) => {
  const host = await startGitHost(t, { address: '::1' });
  const commitId = host.addRepository('team/app', { word: 'six' });
  const url = `${host.url}/team/app.git`;
  const allow = (...ranges: string[]) => ({ login: undefined, allowed: allowedAddresses(ranges) });
  const fetched = await fetchUnderTest(t, url, { changed: { host: allow('::1/128') } });
  assert.deepEqual([fetched.refusal, fetched.commit?.commitId], [undefined, commitId]);
  const refused = await fetchUnderTest(t, url, { changed: { host: allow() } });
  assert.match(refused.refusal ?? '', /\[::1\] resolves to ::1, which the rule "loopback/);
});

test('a tag, a commit and HEAD are fetched as named; a branch takes precedence over a tag of its name, and the log says so', async (t) => {
  const host = await startGitHost(t);
  const first = host.addRepository('team/app', { word: 'first' });
  const git = gitOf(host);
  git('tag', '--annotate', '--message=x', 'v1.0', 'main');
  git('tag', 'both', 'main');
  const second = commitOn(host, 'both', { word: 'second' });
  const main = host.addCommit('team/app', { word: 'third' });
  for (const [ref, commitId, said] of [
    ['v1.0', first, ['v1.0 is a tag']],
    ['refs/tags/v1.0', first, []],
    ['tags/v1.0', first, []],
    ['both', second, ['both is a branch and a tag: the branch is built (#refs/tags/both names the tag)']],
    ['refs/tags/both', first, []],
    [first, first, []],
    ['HEAD', main, []],
  ] as const) {
    const end = await fetchUnderTest(t, `${host.url}/team/app.git`, { changed: { ref } });
    assert.deepEqual([end.refusal, end.commit?.commitId, end.said], [undefined, commitId, said], ref);
  }
  for (const [ref, reason] of [
    ['nowhere', /^there is no branch and no tag nowhere in http:[^;]*team\/app\.git$/],
    [
      first.slice(0, 12),
      /no branch and no tag [0-9a-f]{12} in .*; to name a commit, use its full id of 40 or 64 digits$/,
    ],
    ['f'.repeat(40), /^there is no commit f{40} in /],
  ] as const) {
    const { refusal } = await fetchUnderTest(t, `${host.url}/team/app.git`, { changed: { ref } });
    assert.match(refusal ?? 'none', reason, ref);
  }
});

test('a repository with SHA-256 ids is fetched by branch, HEAD, tag and commit', async (t) => {
  const host = await startGitHost(t);
  const work = join(host.folder, 'sha.work');
  mkdirSync(work);
  const git = (...args: string[]) => execFileSync('git', ['-C', work, ...ADA, ...args], { encoding: 'utf8' }).trim();
  git('init', '--quiet', '--initial-branch=main', '--object-format=sha256');
  writeFileSync(join(work, 'word'), 'long ids');
  git('add', '--all');
  git('commit', '--quiet', '--message=x');
  git('tag', 'v1');
  git('clone', '--quiet', '--bare', work, join(host.folder, 'sha.git'));
  const commitId = git('rev-parse', 'HEAD');
  assert.match(commitId, /^[0-9a-f]{64}$/);
  for (const ref of ['HEAD', 'v1', commitId]) {
    const end = await fetchUnderTest(t, `${host.url}/sha.git`, { changed: { ref } });
    assert.deepEqual([end.refusal, end.commit?.commitId], [undefined, commitId], ref);
    assert.equal(readFileSync(join(end.context, 'word'), 'utf8'), 'long ids');
  }
});

test('files stored in Git LFS are named, with their number', async (t) => {
  const host = await startGitHost(t);
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n';
  const files = Object.fromEntries(Array.from({ length: 7 }, (_, at) => [`model ${at}.bin`, pointer]));
  host.addRepository('team/app', {
    '.gitattributes': '*.bin filter=lfs\n',
    'own.bin': 'bytes',
    'not-lfs': pointer,
    ...files,
  });
  const { said, refusal } = await fetchUnderTest(t, `${host.url}/team/app.git`);
  assert.equal(refusal, undefined);
  assert.deepEqual(said, [
    'warning: 7 files are stored in Git LFS, which Slipway does not fetch; the source has only their pointers: ' +
      'model 0.bin, model 1.bin, model 2.bin, model 3.bin, model 4.bin, and 2 more',
  ]);
});

const ADA = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];

function gitOf(host: GitHost): (...args: string[]) => string {
  const folder = join(host.folder, 'team/app.git');
  return (...args) => execFileSync('git', ['-C', folder, ...ADA, ...args], { encoding: 'utf8' }).trim();
}

/** Makes a branch of the bare repository with one commit of these files; returns its id. */
function commitOn(host: GitHost, branch: string, files: Record<string, string>): string {
  const git = gitOf(host);
  const folder = join(host.folder, 'team/app.git');
  const entries = Object.entries(files).map(([name, text]) => {
    const blob = execFileSync('git', ['-C', folder, 'hash-object', '-w', '--stdin'], {
      input: text,
      encoding: 'utf8',
    }).trim();
    return `100644 blob ${blob}\t${name}\n`;
  });
  const tree = execFileSync('git', ['-C', folder, 'mktree'], { input: entries.join(''), encoding: 'utf8' }).trim();
  const commitId = git('commit-tree', '-m', 'x', tree);
  git('update-ref', `refs/heads/${branch}`, commitId);
  return commitId;
}
