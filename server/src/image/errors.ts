import { ApiError } from '#rpc/errors/api-error.ts';

export function tagNotFound(): ApiError {
  return new ApiError('TAG_NOT_EXIST', 404, 'The specified tag does not exist.');
}

export function tagImmutable(tag: string): ApiError {
  return new ApiError(
    'TAG_IMMUTABLE',
    409,
    `The tag ${tag} already exists, and this repository does not allow tags to be overwritten.`,
  );
}

export function tagExists(tag: string): ApiError {
  return new ApiError('TAG_ALREADY_EXIST', 409, `The repository already has a tag ${tag}.`);
}

export function imageNotFound(digest: string): ApiError {
  return new ApiError('IMAGE_NOT_EXIST', 404, `The repository has no image ${digest}.`);
}

export function imageNeeded(digest: string): ApiError {
  return new ApiError('IMAGE_IN_USE', 409, `An index of the repository lists ${digest}; delete the index first.`);
}

export function imageLeaving(): ApiError {
  return new ApiError('ServiceUnavailable', 503, 'The image is being removed. Try again in a moment.');
}
