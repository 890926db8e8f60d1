import { ApiError } from '#rpc/errors/api-error.ts';

export function syncRuleNotFound(): ApiError {
  return new ApiError('SYNC_RULE_NOT_EXIST', 404, 'The specified replication rule does not exist.');
}

export function syncTaskNotFound(): ApiError {
  return new ApiError('SYNC_TASK_NOT_EXIST', 404, 'The specified replication task does not exist.');
}

export function syncRuleExists(name: string): ApiError {
  return new ApiError('SYNC_RULE_ALREADY_EXIST', 409, `The instance already has a replication rule named ${name}.`);
}

export function tooManySyncRules(limit: number): ApiError {
  const message = `The instance has ${limit} replication rules, which is the limit. Delete one, or let one rule copy a namespace.`;
  return new ApiError('SYNC_RULE_LIMIT_EXCEEDED', 400, message);
}

export function syncTaskEnded(status: string): ApiError {
  const message = `The replication task has ended with ${status}; only one that waits or runs can be canceled.`;
  return new ApiError('SYNC_TASK_STATUS_NOT_SUPPORT', 409, message);
}

/** An instance that is neither this one nor one that the operator names. */
export function targetNotFound(instanceId: string): ApiError {
  return new ApiError(
    'INSTANCE_NOT_EXIST',
    404,
    `TargetInstanceId: there is no instance ${instanceId}. It must be this one, or one that the setting sync-targets-file names.`,
  );
}
