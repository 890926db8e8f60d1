import { ApiError } from '#rpc/errors/api-error.ts';

export function eventRuleNotFound(): ApiError {
  return new ApiError('EVENT_CENTER_RULE_NOT_EXIST', 404, 'The specified event rule does not exist.');
}

export function eventRuleExists(name: string): ApiError {
  return new ApiError('EVENT_CENTER_RULE_ALREADY_EXIST', 409, `The instance already has an event rule named ${name}.`);
}

export function tooManyEventRules(limit: number): ApiError {
  const message = `The instance has ${limit} event rules, which is the limit. Delete one.`;
  return new ApiError('EVENT_CENTER_RULE_LIMIT_EXCEEDED', 400, message);
}
