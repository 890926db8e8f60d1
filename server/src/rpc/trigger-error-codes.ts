/** Codes of triggers; see `ERROR_CODES`. */
export const TRIGGER_ERROR_CODES = {
  TRIGGER_NOT_EXIST: {
    status: 404,
    message: 'The specified trigger does not exist.',
    cause: 'The repository has no trigger of this id.',
    fix: 'List the triggers with slipway trigger list NAMESPACE/NAME.',
  },
  TRIGGER_ALREADY_EXIST: {
    status: 409,
    message: 'The repository already has a trigger named ….',
    cause: 'Names of triggers are unique in their repository.',
    fix: 'Choose another name, or change the trigger.',
  },
  TRIGGER_LIMIT_EXCEEDED: {
    status: 400,
    message: 'The repository has 10 triggers, which is the limit. …',
    cause: 'A repository may have 10 triggers.',
    fix: 'Delete one, or let one receiver pass events on.',
  },
} as const;
