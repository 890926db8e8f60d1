/** Codes of artifact subscription; see `ERROR_CODES`. */
export const SUBSCRIPTION_ERROR_CODES = {
  ARTIFACT_SUBSCRIPTION_RULE_NOT_EXIST: {
    status: 404,
    message: 'The specified artifact subscription rule does not exist.',
    cause: 'The instance has no subscription rule of this id.',
    fix: 'List the rules with slipway subscription rules.',
  },
  ARTIFACT_SUBSCRIPTION_RULE_LIMIT_EXCEEDED: {
    status: 400,
    message: 'The instance has … artifact subscription rules, which is the limit. …',
    cause: 'An instance may have 500 subscription rules.',
    fix: 'Delete one, or let the expression of one rule match more tags.',
  },
  ARTIFACT_SUBSCRIPTION_TASK_NOT_EXIST: {
    status: 404,
    message: 'The specified artifact subscription task does not exist.',
    cause: 'The instance has no subscription task of this id; a task is shown for 30 days after its end.',
    fix: 'List the tasks with slipway subscription tasks.',
  },
} as const;
