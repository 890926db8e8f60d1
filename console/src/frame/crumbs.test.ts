import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crumbsOf } from './crumbs.ts';

const ID = '0190c7a4-7e1e-7cc3-9f3c-5d0f6a1b2c3d';

test('the way to a page names each page above it, and links to all but the page itself', () => {
  const cases: readonly [path: string, repository: string | undefined, way: string][] = [
    ['/', undefined, ''],
    ['/builds', undefined, ''],
    [`/builds/${ID}`, undefined, 'Builds=/builds 0190c7a4'],
    [`/builds/${ID}`, 'team/app', 'Builds=/builds team/app=/repositories/team/app 0190c7a4'],
    [`/builds/${ID}/diff`, undefined, `Builds=/builds 0190c7a4=/builds/${ID} Difference`],
    ['/repositories/team/app', undefined, 'Repositories=/repositories team/app'],
    ['/repositories/team/app/tags', undefined, 'Repositories=/repositories team/app'],
    ['/registry/scanning', undefined, ''],
    ['/explorer/CreateNamespace', undefined, 'API=/explorer CreateNamespace'],
    ['/access/users/ann%20b', undefined, 'Access=/access Users ann b'],
    ['/access/groups', undefined, ''],
    ['/access/who', undefined, ''],
    ['/access/policies/Custom/ci', undefined, 'Access=/access Policies=/access/policies ci'],
    ['/access/users/groups', undefined, 'Access=/access Users groups'],
    ['/access/users/__proto__', undefined, 'Access=/access Users __proto__'],
    ['/__proto__/x', undefined, ''],
    ['/constructor/x', undefined, ''],
    ['/nowhere/at/all', undefined, ''],
  ];
  for (const [path, repository, way] of cases) {
    const told = crumbsOf(path, repository).map(({ label, to }) => (to === undefined ? label : `${label}=${to}`));
    assert.equal(told.join(' '), way, path);
  }
});
