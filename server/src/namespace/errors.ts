import { ApiError } from '#rpc/errors/api-error.ts';

export function namespaceNotFound(): ApiError {
  return new ApiError('NAMESPACE_NOT_EXIST', 404, 'The specified namespace does not exist.');
}

export function namespaceExists(name: string): ApiError {
  return new ApiError('NAMESPACE_ALREADY_EXIST', 409, `The instance already has a namespace ${name}.`);
}

export function namespaceNotEmpty(name: string): ApiError {
  return new ApiError('NAMESPACE_NOT_EMPTY', 409, `The namespace ${name} has repositories.`);
}

export function tooManyNamespaces(quota: number): ApiError {
  return new ApiError('NAMESPACE_QUOTA_EXCEED', 400, `The instance has used up its quota of ${quota} namespaces.`);
}
