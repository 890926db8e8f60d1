import { ApiError } from '#rpc/errors/api-error.ts';

export function accelerationRuleNotFound(): ApiError {
  return new ApiError('ARTIFACT_BUILD_RULE_NOT_EXIST', 404, 'The specified artifact build rule does not exist.');
}

export function accelerationTaskNotFound(): ApiError {
  return new ApiError('ARTIFACT_BUILD_TASK_NOT_EXIST', 404, 'The specified artifact build task does not exist.');
}

/** A call cancels a task that has ended. */
export function accelerationTaskEnded(): ApiError {
  const message = 'The artifact build task has ended.';
  return new ApiError('ARTIFACT_BUILD_TASK_STATUS_NOT_SUPPORT', 409, message);
}
