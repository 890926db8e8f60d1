import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelledBy } from './cancellation.ts';

test('a cancelled build says by whom and when, or for which newer build', () => {
  const when = { Time: Date.UTC(2026, 11, 1, 18) };
  const ann = { ...when, Arn: 'acs:ram::1:user/ann' };
  assert.equal(cancelledBy({ Cancellation: { Cause: 'call', ...ann } }), 'by ann, 2026-12-01T18:00:00Z');
  assert.equal(
    cancelledBy({ Cancellation: { Cause: 'superseded', ...when }, SupersededBy: 'b-2' }),
    'for the newer build b-2, 2026-12-01T18:00:00Z',
  );
  assert.equal(
    cancelledBy({ Cancellation: { Cause: 'repository-deleted', ...ann } }),
    'by ann, with the repository, 2026-12-01T18:00:00Z',
  );
  assert.equal(cancelledBy({}), undefined);
});
