import { ApiError } from '#rpc/api-error.ts';

/** There is no such instance, or it is someone else's: the two answer alike. */
export function instanceNotExist(instanceId: string): ApiError {
  return new ApiError('INSTANCE_NOT_EXIST', 404, `The instance ${instanceId} does not exist.`);
}
