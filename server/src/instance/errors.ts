import { ApiError } from '#rpc/errors/api-error.ts';

/** The instance does not exist or belongs to someone else; both get the same answer. */
export function instanceNotExist(instanceId: string): ApiError {
  return new ApiError('INSTANCE_NOT_EXIST', 404, `The instance ${instanceId} does not exist.`);
}

/** A call about tags names an instance that does not exist. */
export function taggedNotFound(instanceId: string): ApiError {
  return new ApiError('InvalidResourceId.NotFound', 400, `There is no instance ${instanceId}.`);
}

export function tooManyTags(instanceId: string, tags: number, limit: number): ApiError {
  const message = `The instance ${instanceId} would have ${tags} tags; ${limit} is the limit.`;
  return new ApiError('QuotaExceed.TagsPerResource', 400, message);
}
