import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type WebHost, webAddresses } from './web-address.ts';

const COMMIT = '4f2a9c01d3e5b7a6889900aabbccddeeff001122';
const HOSTS: WebHost[] = [
  { codeRepoType: 'GITHUB', baseUrl: 'https://github.example' },
  { codeRepoType: 'GITLAB', baseUrl: 'https://gitlab.example/code' },
  { codeRepoType: 'CODEUP', baseUrl: 'ssh://git@codeup.example' },
];
const HOSTED = { kind: 'code-host', namespaceName: 'team', name: 'app', ref: 'refs/heads/main' } as const;
const git = (url: string) => ({ kind: 'git', url, ref: 'HEAD' }) as const;

test('a commit at a known code host has the address of its page there', () => {
  const commit = (source: Parameters<typeof webAddresses>[0], hosts = HOSTS) =>
    webAddresses(source, COMMIT, hosts)?.commit;
  const gitHub = `https://github.example/team/app/commit/${COMMIT}`;
  const gitLab = `https://gitlab.example/code/team/app/-/commit/${COMMIT}`;
  assert.equal(commit({ ...HOSTED, type: 'GITHUB' }), gitHub);
  assert.equal(commit({ ...HOSTED, type: 'GITLAB' }), gitLab);
  assert.equal(commit(git('https://github.example/team/app.git')), gitHub);
  assert.equal(commit(git('https://gitlab.example/code/team/app/')), gitLab);
  const gitea: WebHost = { codeRepoType: 'GITLAB', baseUrl: 'https://gitea.example', statuses: { api: 'GITEA' } };
  assert.equal(commit({ ...HOSTED, type: 'GITLAB' }, [gitea]), `https://gitea.example/team/app/commit/${COMMIT}`);
});

test('a source has no page if it is a folder, is reached over SSH, or is at no known host', () => {
  for (const source of [
    { kind: 'archive', archiveId: 'a', name: 'app' },
    { ...HOSTED, type: 'CODEUP' },
    { ...HOSTED, type: 'GITEE' },
    git('https://github.example.evil.example/team/app'),
    git('https://other.example/team/app'),
    git('git@github.example:team/app'),
  ] as const)
    assert.equal(webAddresses(source, COMMIT, HOSTS), undefined, JSON.stringify(source));
});

test('the page of a source holds no login and no query, and is known before the commit', () => {
  const found = webAddresses(git('https://github.example/team/app.git?x=1#y'), undefined, HOSTS);
  assert.deepEqual(found, { source: 'https://github.example/team/app', commit: undefined });
});
