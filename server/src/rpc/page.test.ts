import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretBox } from '#account/secret-box.ts';
import { planPage, planTokenPage } from './page.ts';

const secrets = secretBox(Buffer.alloc(32, 7));

test('plans the first thirty rows by default', () => {
  assert.deepEqual(planPage({}), { pageNo: 1, pageSize: 30, limit: 30, offset: 0 });
  assert.deepEqual(planPage({ PageNo: 3, PageSize: 100 }), { pageNo: 3, pageSize: 100, limit: 100, offset: 200 });
});

test('reduces a page size above a hundred to a hundred, and says so', () => {
  assert.deepEqual(planPage({ PageSize: 101, PageNo: 2 }), { pageNo: 2, pageSize: 100, limit: 100, offset: 100 });
  assert.equal(planPage({ PageSize: 9999 }).pageSize, 100);
  assert.equal(planTokenPage(secrets, 'a', {}, { MaxResults: 101 })?.limit, 100);
});

test('a token continues after the last row of its page, and an empty token ends the list', () => {
  const rows = ['a', 'b', 'c', 'd', 'e'];
  const seen: string[] = [];
  let token: string | undefined;
  do {
    const page = planTokenPage(secrets, 'letters', { of: 'x' }, { MaxResults: 2, NextToken: token || undefined });
    assert.ok(page);
    const [after = ''] = page.after ?? [];
    const read = rows.filter((row) => row > after).slice(0, page.limit + 1);
    const cut = page.cut(read, (row) => [row]);
    seen.push(...cut.page);
    token = cut.NextToken;
  } while (token !== '');
  assert.deepEqual(seen, rows);
  assert.equal(planTokenPage(secrets, 'letters', {}, {}), undefined);
});

test('refuses a token of another list or other filters, and a changed or made-up one, naming the parameter', () => {
  const page = planTokenPage(secrets, 'letters', { of: 'x' }, { MaxResults: 1 });
  const token = page?.cut(['a', 'b'], (row) => [row]).NextToken ?? '';
  const refused = { code: 'InvalidParameter', message: /"NextToken"/ };
  for (const [list, filter, given] of [
    ['numbers', { of: 'x' }, token],
    ['letters', { of: 'y' }, token],
    ['letters', { of: 'x' }, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
    ['letters', { of: 'x' }, 'AAAA'],
    ['letters', { of: 'x' }, 'v1.'],
    ['letters', { of: 'x' }, 'x'.repeat(5000)],
  ] as const)
    assert.throws(() => planTokenPage(secrets, list, filter, { NextToken: given }), refused, `${list} ${given}`);
  assert.deepEqual(planTokenPage(secrets, 'letters', { of: 'x' }, { NextToken: token })?.after, ['a']);
});

test('refuses a page out of range, naming the parameter', () => {
  assert.throws(() => planPage({ PageNo: 0 }), { code: 'InvalidParameter', message: /"PageNo"/ });
  assert.throws(() => planPage({ PageNo: Number.MAX_SAFE_INTEGER }), { code: 'InvalidParameter', message: /"PageNo"/ });
  assert.throws(() => planPage({ PageSize: 0 }), { code: 'InvalidParameter', message: /"PageSize"/ });
  assert.throws(() => planTokenPage(secrets, 'a', {}, { MaxResults: 0 }), { message: /"MaxResults"/ });
});
