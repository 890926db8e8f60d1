import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readApiError } from '@slipway/client/api-call-error.ts';
import { NoAnswer } from '../failure/reach.ts';
import { unlessRefused } from './polling.ts';

test('what the server refuses is not asked for again, and what it may answer later is', () => {
  const refused = [403, 404, 400].map((status) => unlessRefused({ error: readApiError(status, '{}') }, 1000));
  assert.deepEqual(refused, [false, false, false]);
  const later = [readApiError(429, '{}'), readApiError(500, '{}'), readApiError(503, '{}'), new NoAnswer(), null];
  for (const error of later) assert.equal(unlessRefused({ error }, 1000), 1000, String(error));
});
