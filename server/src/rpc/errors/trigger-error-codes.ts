/** Codes of triggers and event rules; see `ERROR_CODES`. */
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
  EVENT_CENTER_RULE_NOT_EXIST: {
    status: 404,
    message: 'The specified event rule does not exist.',
    cause: 'The instance has no event rule of this id.',
    fix: 'List the rules with ListEventCenterRuleName.',
  },
  EVENT_CENTER_RULE_ALREADY_EXIST: {
    status: 409,
    message: 'The instance already has an event rule named ….',
    cause: 'Names of event rules are unique in their instance.',
    fix: 'Choose another name, or change the rule.',
  },
  EVENT_CENTER_RULE_LIMIT_EXCEEDED: {
    status: 400,
    message: 'The instance has 10 event rules, which is the limit. Delete one.',
    cause: 'An instance may have 10 event rules, as at the vendor.',
    fix: 'Delete a rule, or make one for several repositories.',
  },
} as const;
