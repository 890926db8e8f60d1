import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soughtRepository } from './sought-repository.ts';

test('a namespace with its slash finds its repositories, as a name finds those that contain it', () => {
  for (const [text, sought] of [
    ['', undefined],
    ['/', undefined],
    ['app', { RepoName: 'app' }],
    ['/app', { RepoName: 'app' }],
    ['team/', { RepoNamespaceName: 'team' }],
    ['team/app', { RepoNamespaceName: 'team', RepoName: 'app' }],
  ] as const)
    assert.deepEqual(soughtRepository(text), sought, text);
});
