import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES } from '../../server/src/rpc/errors/error-codes.ts';
import { operationErrors } from './operation-errors.ts';

const server = fileURLToPath(new URL('../../server/src', import.meta.url));
const errors = operationErrors(server, new Set(Object.keys(ERROR_CODES)));

test('lists the errors that an operation’s source can reach, however far away they are made', () => {
  assert.deepEqual(errors.get('ListRepoBuildRecordLog'), [
    'BUILD_LOG_EXPIRED',
    'BUILD_LOG_LOST',
    'BUILD_RECORD_NOT_EXIST',
    'INSTANCE_NOT_EXIST',
    'REPO_NOT_EXIST',
    'ServiceUnavailable',
  ]);
  assert.deepEqual(errors.get('GetCallerIdentity'), []);
  assert.ok(errors.get('CreateBuildRecordByRecord')?.includes('SOURCE_ARCHIVE_NOT_EXIST'));
});

test('finds a code that is built from parts, and none that the operation cannot reach', () => {
  const codes = errors.get('AttachPolicyToUser') ?? [];
  assert.ok(codes.includes('EntityAlreadyExists.User.Policy'), codes.join(' '));
  assert.ok(!codes.includes('EntityAlreadyExists.Policy'), codes.join(' '));
  assert.ok(!codes.some((code) => code.startsWith('DeleteConflict')), codes.join(' '));
});
