import { ApiError } from '#rpc/errors/api-error.ts';

export function lifecycleRuleNotFound(): ApiError {
  return new ApiError('ARTIFACT_LIFECYCLE_RULE_NOT_EXIST', 404, 'The specified lifecycle rule does not exist.');
}

export function lifecycleRunNotFound(): ApiError {
  return new ApiError('ARTIFACT_LIFECYCLE_RUN_NOT_EXIST', 404, 'The specified run of a lifecycle rule does not exist.');
}

export function tooManyLifecycleRules(limit: number): ApiError {
  const message = `The instance has ${limit} lifecycle rules, which is the limit.`;
  return new ApiError('ARTIFACT_LIFECYCLE_RULE_QUOTA_EXCEED', 400, message);
}

/** A rule that is switched off cannot be run. */
export function lifecycleRuleOff(): ApiError {
  const message = 'The lifecycle rule is off: it has neither EnableDeleteTag nor EnableDeleteUntaggedManifest.';
  return new ApiError('ARTIFACT_LIFECYCLE_RULE_STATUS_NOT_SUPPORT', 409, message);
}
