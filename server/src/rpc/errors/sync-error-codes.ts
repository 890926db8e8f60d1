/** Codes of replication; see `ERROR_CODES`. */
export const SYNC_ERROR_CODES = {
  SYNC_RULE_NOT_EXIST: {
    status: 404,
    message: 'The specified replication rule does not exist.',
    cause: 'The instance has no replication rule of this id.',
    fix: 'List the rules with slipway sync rules.',
  },
  SYNC_RULE_ALREADY_EXIST: {
    status: 409,
    message: 'The instance already has a replication rule named ….',
    cause: 'Names of replication rules are unique in their instance.',
    fix: 'Choose another name, or delete that rule first.',
  },
  SYNC_RULE_LIMIT_EXCEEDED: {
    status: 400,
    message: 'The instance has … replication rules, which is the limit. …',
    cause: 'An instance may have 500 replication rules.',
    fix: 'Delete one, or let one rule copy a whole namespace.',
  },
  SYNC_TASK_NOT_EXIST: {
    status: 404,
    message: 'The specified replication task does not exist.',
    cause: 'The instance has no replication task of this id; a task is shown for 30 days after its end.',
    fix: 'List the tasks with slipway sync tasks.',
  },
  SYNC_TASK_STATUS_NOT_SUPPORT: {
    status: 409,
    message: 'The replication task has ended with …; only one that waits or runs can be canceled.',
    cause: 'The task is over.',
    fix: 'To copy the image again, make a new task.',
  },
} as const;
