import { ApiError } from '#rpc/errors/api-error.ts';

export function chainNotFound(): ApiError {
  return new ApiError('CHAIN_NOT_EXIST', 404, 'The specified delivery chain does not exist.');
}

export function chainExists(message: string): ApiError {
  return new ApiError('CHAIN_ALREADY_EXIST', 409, message);
}

export function tooManyChains(limit: number): ApiError {
  return new ApiError('CHAIN_QUOTA_EXCEED', 400, `The instance already has ${limit} delivery chains.`);
}
