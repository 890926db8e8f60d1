import { ApiError } from '#rpc/errors/api-error.ts';

export function subscriptionRuleNotFound(): ApiError {
  const message = 'The specified artifact subscription rule does not exist.';
  return new ApiError('ARTIFACT_SUBSCRIPTION_RULE_NOT_EXIST', 404, message);
}

export function subscriptionTaskNotFound(): ApiError {
  const message = 'The specified artifact subscription task does not exist.';
  return new ApiError('ARTIFACT_SUBSCRIPTION_TASK_NOT_EXIST', 404, message);
}

export function tooManySubscriptionRules(limit: number): ApiError {
  const message = `The instance has ${limit} artifact subscription rules, which is the limit. Delete one, or let one rule match more tags.`;
  return new ApiError('ARTIFACT_SUBSCRIPTION_RULE_LIMIT_EXCEEDED', 400, message);
}
