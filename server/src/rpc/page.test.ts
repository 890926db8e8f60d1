import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planPage } from './page.ts';

test('answers the first thirty rows when nothing is asked', () => {
  assert.deepEqual(planPage({}), { pageNo: 1, pageSize: 30, limit: 30, offset: 0 });
  assert.deepEqual(planPage({ PageNo: 3, PageSize: 100 }), { pageNo: 3, pageSize: 100, limit: 100, offset: 200 });
});

test('refuses a page out of range rather than cut it, naming the parameter', () => {
  assert.throws(() => planPage({ PageNo: 0 }), { code: 'InvalidParameter', message: /"PageNo"/ });
  assert.throws(() => planPage({ PageNo: Number.MAX_SAFE_INTEGER }), { code: 'InvalidParameter', message: /"PageNo"/ });
  assert.throws(() => planPage({ PageSize: 0 }), { code: 'InvalidParameter', message: /"PageSize"/ });
  assert.throws(() => planPage({ PageSize: 101 }), { code: 'InvalidParameter', message: /"PageSize"/ });
});
