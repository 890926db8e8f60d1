import { ApiError } from '#rpc/errors/api-error.ts';

export function repositoryNotFound(): ApiError {
  return new ApiError('REPO_NOT_EXIST', 404, 'The specified repository does not exist.');
}

export function repositoryExists(namespaceName: string, name: string): ApiError {
  return new ApiError('REPO_ALREADY_EXIST', 409, `The instance already has a repository ${namespaceName}/${name}.`);
}

export function tooManyRepositories(quota: number): ApiError {
  return new ApiError('REPO_QUOTA_EXCEED', 400, `The instance has used up its quota of ${quota} repositories.`);
}

export function repositoryLeaving(namespaceName: string, name: string): ApiError {
  const message = `The repository ${namespaceName}/${name} is being deleted; try again in a moment.`;
  return new ApiError('REPO_STATUS_NOT_SUPPORT', 409, message);
}
