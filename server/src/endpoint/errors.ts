import { ApiError } from '#rpc/api-error.ts';

export function aclEntryNotFound(entry: string): ApiError {
  return new ApiError('ENDPOINT_ACL_NOT_EXIST', 404, `The allow-list has no entry ${entry}.`);
}
