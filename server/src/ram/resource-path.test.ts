import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourcePath } from './resource-path.ts';

test('fills each place of a pattern, wherever it is', () => {
  const values = { InstanceId: 'cri-1', NamespaceName: 'team', RepoName: 'app' };
  for (const [pattern, path] of [
    ['*', '*'],
    ['instance/{InstanceId}', 'instance/cri-1'],
    ['repository/{InstanceId}/{NamespaceName}/{RepoName}', 'repository/cri-1/team/app'],
    ['{RepoName}{RepoName}/x', 'appapp/x'],
    ['user/{not a place}/{}', 'user/{not a place}/{}'],
  ] as const)
    for (let time = 0; time < 2; time += 1) assert.equal(resourcePath(pattern, values), path);
});

test('a place without a value, or with one that could pass for more of the path, becomes a wildcard or what is asked for', () => {
  for (const value of [undefined, null, 7, '', 'a/b', '*', 'a*', 'ä', '{InstanceId}', 'a\n']) {
    assert.equal(resourcePath('instance/{InstanceId}/x', { InstanceId: value }), 'instance/*/x', String(value));
    const named = resourcePath('instance/{InstanceId}', { InstanceId: value }, (place) => `<${place}>`);
    assert.equal(named, 'instance/<InstanceId>');
  }
});
