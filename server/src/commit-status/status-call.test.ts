import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStatusTarget } from '#source/hosts/status-target.ts';
import type { CommitStatus } from './commit-status.ts';
import { isStatusSet, statusCall } from './status-call.ts';

const COMMIT = { namespaceName: 'group/team', name: 'app', commitId: 'c'.repeat(40) };
const FAILED: CommitStatus = {
  state: 'failure',
  name: 'slipway/team/app:v1',
  description: 'x'.repeat(300),
  url: 'https://build.example/console/builds/1',
};

function callOf(api: string, baseUrl: string) {
  return statusCall({ ...parseStatusTarget(api, baseUrl, undefined), token: 's3cret' }, COMMIT, FAILED);
}

test('a status is sent to each kind of code host in the form of its API', () => {
  const sha = COMMIT.commitId;
  const forms = [
    ['GITHUB', 'https://github.com', `https://api.github.com/repos/group/team/app/statuses/${sha}`, 'failure'],
    ['GITHUB', 'https://ghe.example', `https://ghe.example/api/v3/repos/group/team/app/statuses/${sha}`, 'failure'],
    ['GITEA', 'https://x.example/git', `https://x.example/git/api/v1/repos/group/team/app/statuses/${sha}`, 'failure'],
    ['GITLAB', 'http://lab.example', `http://lab.example/api/v4/projects/group%2Fteam%2Fapp/statuses/${sha}`, 'failed'],
  ] as const;
  for (const [api, baseUrl, url, state] of forms) {
    const call = callOf(api, baseUrl);
    assert.deepEqual([call.url, call.body.state, call.body.target_url], [url, state, FAILED.url]);
    assert.equal(call.body.context ?? call.body.name, FAILED.name);
    assert.ok(String(call.body.description).length <= (api === 'GITLAB' ? 255 : 140));
    assert.match(JSON.stringify(call.headers), /s3cret/);
    assert.doesNotMatch(JSON.stringify(call.body), /s3cret/);
  }
  const gitee = callOf('GITEE', 'https://gitee.com');
  assert.equal(gitee.url, 'https://gitee.com/api/v5/repos/group/team/app/check-runs');
  const { head_sha, status, conclusion, access_token } = gitee.body;
  assert.deepEqual([head_sha, status, conclusion, access_token], [sha, 'completed', 'failure', 's3cret']);
});

test('the address of an API is derived where it can be, and asked for where it cannot', () => {
  const url = 'https://api.example/';
  assert.deepEqual(parseStatusTarget('GITEA', 'ssh://git@git.example', url), {
    api: 'GITEA',
    apiUrl: 'https://api.example',
  });
  assert.throws(() => parseStatusTarget('GITEA', 'ssh://git@git.example', undefined), /"StatusUrl" that is mandatory/);
  assert.throws(() => parseStatusTarget('SVN', 'https://git.example', undefined), /"StatusApi".*GITHUB, GITLAB/);
  const withToken = 'https://token@api.example';
  assert.throws(
    () => parseStatusTarget('GITEA', 'https://git.example', withToken),
    (error: Error) => /"StatusUrl"/.test(error.message) && !error.message.includes('token@'),
  );
});

test('GitLab’s refusal to set the same state again is a success', () => {
  assert.equal(isStatusSet('GITLAB', 400, '{"message":"Cannot transition status via :run from :running"}'), true);
  assert.equal(isStatusSet('GITLAB', 400, '{"message":"ref is invalid"}'), false);
  assert.equal(isStatusSet('GITEA', 400, 'Cannot transition status'), false);
});
