import { ApiError } from './api-error.ts';

/** The refusal of a parameter that the API has and this version does not act on yet: better none than half of it. */
export function parameterNotImplemented(name: string): ApiError {
  return new ApiError('NotImplemented', 501, `The parameter "${name}" is not implemented.`);
}
