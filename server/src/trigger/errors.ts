import { ApiError } from '#rpc/errors/api-error.ts';

export function triggerNotFound(): ApiError {
  return new ApiError('TRIGGER_NOT_EXIST', 404, 'The specified trigger does not exist.');
}

export function triggerExists(name: string): ApiError {
  return new ApiError('TRIGGER_ALREADY_EXIST', 409, `The repository already has a trigger named ${name}.`);
}

export function tooManyTriggers(limit: number): ApiError {
  return new ApiError(
    'TRIGGER_LIMIT_EXCEEDED',
    400,
    `The repository has ${limit} triggers, which is the limit. Delete one, or let one receiver pass events on.`,
  );
}
