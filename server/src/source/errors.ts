import { ApiError } from '#rpc/api-error.ts';

export function sourceBindingNotFound(): ApiError {
  return new ApiError(
    'SOURCE_CODE_REPO_NOT_EXIST',
    404,
    'The repository has no source. Bind it with CreateRepoSourceCodeRepo first.',
  );
}

export function sourceBindingExists(): ApiError {
  return new ApiError('SOURCE_CODE_REPO_ALREADY_EXIST', 409, 'The repository already has a source.');
}

export function sourceArchiveNotFound(): ApiError {
  return new ApiError('SOURCE_ARCHIVE_NOT_EXIST', 404, 'The specified source archive does not exist.');
}
