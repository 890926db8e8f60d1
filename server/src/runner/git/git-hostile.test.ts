import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startGitHost } from '../../../../test/support/peers/git-host.ts';
import { endlessPack, startPackHost } from '../../../../test/support/peers/pack-host.ts';
import { atEnd, temporaryFolder } from '../../../../test/support/slipway.ts';
import { fetchUnderTest } from '../testing/git-fetch.ts';
import { readSourceFile } from '../work/source-file.ts';

test('a git bomb, a repository past the size limit and one with a .git folder are refused before a file is written', async (t) => {
  const host = await startGitHost(t);
  host.addRepository('team/bomb', { word: 'x' });
  const bomb = join(host.folder, 'team/bomb.git');
  // Ten entries of ten entries of …: a million files in six small objects.
  let entry = `100644 blob ${git(bomb, '', 'hash-object', '-w', '--stdin')}`;
  for (let level = 0; level < 6; level++) {
    const listed = Array.from({ length: 10 }, (_, at) => `${entry}\t${at}\n`).join('');
    entry = `040000 tree ${git(bomb, listed, 'mktree')}`;
  }
  commit(bomb, entry);
  const many = await fetchUnderTest(t, `${host.url}/team/bomb.git`);
  assert.equal(many.refusal, 'the source has more than 200000 files, which is the limit');
  assert.deepEqual(readdirSync(many.context), []);

  host.addRepository('team/large', { zeroes: '0'.repeat(2 ** 20), more: '1' });
  const large = await fetchUnderTest(t, `${host.url}/team/large.git`);
  assert.match(
    large.refusal ?? 'none',
    /^the source is larger than 1048576 bytes, .*\(setting source-limit-mebibytes\)$/,
  );
  assert.deepEqual(readdirSync(large.context), []);

  const dotGit = join(host.folder, 'team/large.git');
  const hook = `100644 blob ${git(dotGit, 'x', 'hash-object', '-w', '--stdin')}\tconfig\n`;
  const top = `040000 tree ${git(dotGit, hook, 'mktree')}\t.GIT\n`;
  commit(dotGit, `040000 tree ${git(dotGit, top, 'mktree')}`);
  const hidden = await fetchUnderTest(t, `${host.url}/team/large.git`);
  assert.match(hidden.refusal ?? 'none', /^git refuses the content of http:.*: hasDotgit$/);
  assert.deepEqual(readdirSync(hidden.context), []);
});

test('an endless pack ends at the size limit', async (t) => {
  const url = await startPackHost(t, endlessPack());
  const { refusal, printed } = await fetchUnderTest(t, url);
  assert.equal(
    refusal,
    'the source is larger than 1048576 bytes, which is the limit (setting source-limit-mebibytes)',
    printed,
  );
});

test('a code host cannot redirect the clone, and the reason says so', async (t) => {
  let asked = 0;
  const elsewhere = await serve(t, (response) => {
    asked += 1;
    response.end();
  });
  const host = await serve(t, (response) => response.writeHead(302, { location: `${elsewhere}/team/app.git` }).end());
  const { refusal } = await fetchUnderTest(t, `${host}/team/app.git`);
  assert.match(
    refusal ?? 'none',
    new RegExp(`^${host}/team/app.git redirects \\(HTTP 302\\), which Slipway does not follow`),
  );
  assert.equal(asked, 0);
});

test('a filter that the source asks for is not run: its files stay as they are in the repository', async (t) => {
  const host = await startGitHost(t);
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n';
  host.addRepository('team/app', {
    '.gitattributes': 'big filter=lfs diff=lfs\n',
    '.lfsconfig': '[lfs]\n\turl = http://127.0.0.1:1\n',
    big: pointer,
  });
  const { context, refusal } = await fetchUnderTest(t, `${host.url}/team/app.git`);
  assert.equal(refusal, undefined);
  assert.equal(readFileSync(join(context, 'big'), 'utf8'), pointer);
});

test('a stalled code host ends the clone, and the reason says so', {
  skip: process.env.SLIPWAY_TEST_LONG !== '1' && 'waits for 30 seconds: runs with SLIPWAY_TEST_LONG=1',
}, async (t) => {
  const host = await serve(t, (response) => {
    response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
    response.write('001e# service=git-upload-pack\n');
  });
  const { refusal } = await fetchUnderTest(t, `${host}/team/app.git`);
  assert.equal(refusal, `the source host ${new URL(host).host} stopped answering: no data for 30 seconds`);
});

test('a Dockerfile that is a link out of the source, a folder or too large is refused by name, without showing its content', async (t) => {
  const folder = temporaryFolder(t);
  const cases: [link: string, target: string, reason: RegExp][] = [
    ['absolute', '/etc/passwd', /^absolute is a link that leads out of the source$/],
    ['climbing', '../../../../../../etc/passwd', /^climbing is a link that leads out of the source$/],
    ['folder', '.', /^folder in the source is not a regular file$/],
    ['device', '/dev/zero', /^device is a link that leads out of the source$/],
    ['loop', 'loop', /^there is no loop in the source$/],
    ['dangling', 'nowhere', /^there is no dangling in the source$/],
    ['below/absolute', '', /^there is no below\/absolute in the source$/],
  ];
  for (const [name, target, reason] of cases) {
    if (target !== '') symlinkSync(target, join(folder, name));
    await assert.rejects(readSourceFile(folder, name, 10), { message: reason }, name);
  }
});

function git(folder: string, input: string, ...args: string[]): string {
  return execFileSync('git', ['-C', folder, '-c', 'user.name=Ada', '-c', 'user.email=a@b', ...args], {
    input,
    encoding: 'utf8',
  }).trim();
}

/** Makes `main` a commit of a tree, given as mktree lists one. */
function commit(folder: string, tree: string): void {
  const [, , id = ''] = tree.split(' ');
  git(folder, '', 'update-ref', 'refs/heads/main', git(folder, '', 'commit-tree', '-m', 'x', id));
}

async function serve(t: TestContext, answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  atEnd(t, () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
