import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readApiError } from '@slipway/client/api-call-error.ts';
import { buildListQuery, failingQuery } from './build-queries.ts';

test('a list of builds that is refused is not asked for again', () => {
  const refused = readApiError(403, '{}');
  const pollOf = ({ refetchInterval: poll }: ReturnType<typeof buildListQuery>, error: Error | null = null) =>
    typeof poll === 'function' ? poll({ state: { error } } as Parameters<typeof poll>[0]) : poll;
  const failing = failingQuery() as unknown as ReturnType<typeof buildListQuery>;
  assert.deepEqual([pollOf(buildListQuery({}), refused), pollOf(failing, refused)], [false, false]);
  assert.equal(pollOf(buildListQuery({ cursor: 'x' })), false, 'only the first page changes');
  const [all, found] = [buildListQuery({}), buildListQuery({ search: 'x' })].map((query) => Number(pollOf(query)));
  assert.ok(Number(all) < Number(found) && Number(all) < Number(pollOf(failing)));
});
