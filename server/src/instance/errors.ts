import { ApiError } from '#rpc/api-error.ts';

/** The instance does not exist or belongs to someone else; both get the same answer. */
export function instanceNotExist(instanceId: string): ApiError {
  return new ApiError('INSTANCE_NOT_EXIST', 404, `The instance ${instanceId} does not exist.`);
}
