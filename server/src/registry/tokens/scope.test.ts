import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decideGrants, parseRepositoryName, parseScopes } from './scope.ts';

const LONG = 'a'.repeat(200);

/** Scope text, and how it is read: `name=actions`, nothing if it is dropped. */
const SCOPES: [string, string][] = [
  ['repository:team/app:pull', 'team/app=pull'],
  ['repository:team/app:push', 'team/app=push'],
  ['repository:team/app:pull,push', 'team/app=pull,push'],
  ['repository:team/app:push,pull', 'team/app=pull,push'],
  ['repository:team/app:pull,pull,pull', 'team/app=pull'],
  ['repository:team/app:pull,*', 'team/app=pull,push,delete'],
  ['repository:team/app:*', 'team/app=pull,push,delete'],
  ['repository:team/app:delete', 'team/app=delete'],
  ['repository:team/app:pull,delete', 'team/app=pull,delete'],
  ['repository:team/app:PULL', ''],
  ['repository:team/app:pull ,push', 'team/app=pull'],
  ['repository:team/app:', ''],
  ['repository:team/app', ''],
  ['repository:team/app:pull,', 'team/app=pull'],
  ['repository:team/app:,pull', 'team/app=pull'],
  ['repository:team/*:pull', ''],
  ['repository:*:pull', ''],
  ['repository:*/*:pull', ''],
  ['repository:team/app*:pull', ''],
  ['repository:Team/app:pull', ''],
  ['repository:team/App:pull', ''],
  ['repository:app:pull', ''],
  ['repository:a/b/c:pull', ''],
  ['repository:team/app/:pull', ''],
  ['repository:/team/app:pull', ''],
  ['repository:team//app:pull', ''],
  ['repository:../app:pull', ''],
  ['repository:team/..:pull', ''],
  ['repository:team/.app:pull', ''],
  ['repository:team/app.:pull', ''],
  ['repository:team/a__b-c.d:pull', 'team/a__b-c.d=pull'],
  ['repository:team/a___b:pull', ''],
  ['repository:te%61m/app:pull', ''],
  ['repository:team%2fapp:pull', ''],
  ['repository:team/app\u0000:pull', ''],
  ['repository:team/app\n:pull', ''],
  ['repository:tëam/app:pull', ''],
  ['repository:host:5000/team/app:pull', ''],
  ['repository(plugin):team/app:pull', ''],
  ['Repository:team/app:pull', ''],
  [' repository:team/app:pull', 'team/app=pull'],
  ['registry:catalog:*', ''],
  ['registry:catalog:pull', ''],
  ['user:team/app:pull', ''],
  [':team/app:pull', ''],
  ['::', ''],
  ['', ''],
  ['pull', ''],
  [`repository:${LONG}/${LONG}:pull`, ''],
  ['repository:team/app:pull repository:team/lib:push', 'team/app=pull team/lib=push'],
  ['repository:team/app:pull repository:team/app:push', 'team/app=pull,push'],
  ['repository:__proto__/app:pull', ''],
  ['repository:constructor/prototype:pull', 'constructor/prototype=pull'],
];

for (const [text, expected] of SCOPES) {
  test(`reads scope ${JSON.stringify(text).slice(0, 80)} as ${expected || 'nothing'}`, () => {
    const understood = parseScopes([text]).map(({ name, actions }) => `${name}=${actions.join(',')}`);
    assert.equal(understood.join(' '), expected);
  });
}

test('merges a repository that is requested in several parameters', () => {
  const scopes = parseScopes(['repository:a/b:pull', 'repository:a/b:push', 'repository:c/d:pull']);
  assert.deepEqual(scopes, [
    { name: 'a/b', actions: ['pull', 'push'] },
    { name: 'c/d', actions: ['pull'] },
  ]);
});

test('reads at most 64 entries', () => {
  const many = Array.from({ length: 1000 }, (_, index) => `repository:a/b${index}:pull`);
  assert.equal(parseScopes(many).length, 64);
});

test('grants what is both requested and allowed, and nothing else', () => {
  const requested = parseScopes(['repository:a/b:pull,push', 'repository:c/d:pull', 'repository:e/f:push']);
  const allowed = new Set(['a/b pull', 'c/d push', 'e/f push', 'g/h pull']);
  const grants = decideGrants(requested, (name, action) => allowed.has(`${name} ${action}`));
  assert.deepEqual(grants, [
    { type: 'repository', name: 'a/b', actions: ['pull'] },
    { type: 'repository', name: 'e/f', actions: ['push'] },
  ]);
});

test('splits a repository name only if it has exactly two parts', () => {
  assert.deepEqual(parseRepositoryName('team/app'), { namespace: 'team', name: 'app' });
  assert.equal(parseRepositoryName('team'), undefined);
  assert.equal(parseRepositoryName('a/b/c'), undefined);
});
