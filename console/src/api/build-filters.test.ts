import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedSearch, filterParams, filtersOf } from './build-filters.ts';

test('a URL with filters that do not exist, or have no meaning, shows the others', () => {
  assert.deepEqual(
    filtersOf({ repository: 'team/app', branch: 7, within: 'toString', from: 'x', to: '2026-03-01', z: 1 }),
    {
      repository: 'team/app',
      branch: '7',
      to: '2026-03-01',
    },
  );
});

test('days are from the beginning of the first to the end of the last, by the reader’s clock', () => {
  const { since, until } = filterParams({ from: '2026-03-01', to: '2026-03-01' }, 0);
  assert.equal(since, new Date(2026, 2, 1).getTime());
  assert.equal(until, new Date(2026, 2, 2).getTime());
  assert.deepEqual(filterParams({ within: 'hour', status: 'FAILED' }, 10_000_000), {
    status: 'FAILED',
    since: 6_400_000,
    until: undefined,
  });
});

test('a change of one filter keeps what others changed meanwhile, and begins at the first page', () => {
  const first = changedSearch({ status: 'FAILED', cursor: 'c' }, { repository: 'team/app' });
  assert.deepEqual(first, { status: 'FAILED', repository: 'team/app' });
  assert.deepEqual(changedSearch(first, { branch: 'main', status: '' }), { repository: 'team/app', branch: 'main' });
});
