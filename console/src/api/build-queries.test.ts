import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readApiError } from '@slipway/client/api-call-error.ts';
import { buildListQuery } from './build-queries.ts';

test('a list of builds that is refused is not asked for again, however often it was to be', () => {
  const pollOf = (error: Error | null, { refetchInterval: poll } = buildListQuery({}, 30_000)) =>
    typeof poll === 'function' ? poll({ state: { error } } as Parameters<typeof poll>[0]) : poll;
  assert.equal(pollOf(null), 30_000);
  assert.equal(pollOf(readApiError(403, '{}')), false);
  assert.equal(pollOf(null, buildListQuery({ cursor: 'x' })), false, 'only the first page changes');
  assert.ok(Number(pollOf(null, buildListQuery({ search: 'x' }))) > Number(pollOf(null, buildListQuery({}))));
});
