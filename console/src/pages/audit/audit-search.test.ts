import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterOf } from './audit-search.ts';

test('the filters of the URL become those of the API; a period ends at a whole minute', () => {
  const filter = filterOf({ caller: 'user/ana', result: 'denied', period: '7d' }, 8 * 86_400_000 + 1234);
  assert.deepEqual(
    [filter.caller, filter.result, filter.since, filter.request],
    ['user/ana', 'denied', 86_400_000, undefined],
  );
  assert.equal(filterOf({ period: 'soon' }, 1).since, undefined);
});

test('a request id goes alone, since it names one call', () => {
  assert.deepEqual(filterOf({ request: 'A', caller: 'root', cursor: '1-1' }, 1), { request: 'A' });
});
