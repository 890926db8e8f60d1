import { checkMailReceiver } from '#delivery/mail-recipients.ts';
import { checkReceiverUrl } from '#delivery/receiver-url.ts';
import type { MailLimits } from '#rpc/context.ts';
import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import { readNamePattern } from '#rpc/name-pattern.ts';
import { EVENT_TYPES, type EventRule, NOTIFY_METHODS, type NotifyMethod, RULE_SCOPES } from './event-rule.ts';

/** What a caller sets of a rule; its address is kept with its receiver. */
export type EventRuleInput = Omit<EventRule, 'ruleId' | 'instanceId' | 'createdMs' | 'modifiedMs' | 'author'>;

/** How parameters of a call are named where one is wrong. */
export interface ParameterNames {
  name: string;
  scope: string;
}

const NAME_LIMIT_CHARS = 64;
const LIST_LIMIT = 100;
const LISTED_LIMIT_CHARS = 128;
const CONFIG_LIMIT_CHARS = 4096;

/** Checks what a caller sets. Throws InvalidParameter or MissingParameter for the first wrong parameter. */
export function checkEventRule(rule: EventRuleInput, parameters: ParameterNames): void {
  const { name, scope, namespaces, repoNames } = rule;
  if (name.length === 0 || name.length > NAME_LIMIT_CHARS || /\p{Cc}/u.test(name))
    throw invalidParameter(
      parameters.name,
      `a name has 1 to ${NAME_LIMIT_CHARS} characters without control characters.`,
    );
  checkWord('EventType', rule.eventType, EVENT_TYPES);
  checkWord(parameters.scope, scope, RULE_SCOPES);
  readNamePattern('RepoTagFilterPattern', rule.tagPattern);
  for (const [list, values] of [['Namespaces', namespaces] as const, ['RepoNames', repoNames] as const]) {
    if (values.length > LIST_LIMIT) throw invalidParameter(list, `it has more than ${LIST_LIMIT} entries.`);
    if (values.some((value) => value.length > LISTED_LIMIT_CHARS))
      throw invalidParameter(list, `an entry is longer than ${LISTED_LIMIT_CHARS} characters.`);
  }
  if (scope === 'INSTANCE' && namespaces.length > 0)
    throw invalidParameter('Namespaces', 'a rule of scope INSTANCE is for every namespace; leave it out.');
  if (scope !== 'REPO' && repoNames.length > 0)
    throw invalidParameter('RepoNames', `a rule of scope ${scope} is for all repositories; leave it out.`);
  if (scope !== 'INSTANCE' && namespaces.length === 0) throw missingParameter('Namespaces');
  if (scope === 'REPO' && namespaces.length > 1)
    throw invalidParameter('Namespaces', 'a rule of scope REPO is for repositories of one namespace.');
  if (scope === 'REPO' && repoNames.length === 0) throw missingParameter('RepoNames');
}

/** Reads `EventConfig`: JSON `{notifyMethod, notifyConfig: {Url}, notifyFilter}`. Throws InvalidParameter, without quoting it. */
export function readEventConfig(text: string, mail: MailLimits | undefined): { method: NotifyMethod; url: string } {
  const refuse = (reason: string) => invalidParameter('EventConfig', reason);
  if (text.length > CONFIG_LIMIT_CHARS)
    throw refuse(`it has ${text.length} characters; ${CONFIG_LIMIT_CHARS} is the limit.`);
  const config = parseObject(text);
  if (config === undefined) throw refuse('it is not a JSON object.');
  const method = NOTIFY_METHODS.find((each) => each === config.notifyMethod);
  if (method === undefined) throw refuse(`its notifyMethod must be one of ${NOTIFY_METHODS.join(', ')}.`);
  const { notifyConfig, notifyFilter = {} } = config;
  const url = isObject(notifyConfig) ? notifyConfig.Url : undefined;
  if (typeof url !== 'string') throw refuse('its notifyConfig needs a Url.');
  if (!isObject(notifyFilter) || Object.keys(notifyFilter).length > 0)
    throw refuse('a notifyFilter is not supported; use the scope and RepoTagFilterPattern.');
  return { method, url: checkEventReceiver('EventConfig', { method, url }, mail) };
}

/** Checks where a rule sends to. Returns it as it is stored. Throws InvalidParameter. */
export function checkEventReceiver(
  parameter: string,
  { method, url }: { method: NotifyMethod; url: string },
  mail: MailLimits | undefined,
): string {
  if (method === 'mail') return checkMailReceiver(parameter, url, mail);
  checkReceiverUrl(parameter, url);
  return url;
}

function checkWord(parameter: string, text: string, words: readonly string[]): void {
  if (!words.includes(text)) throw invalidParameter(parameter, `it must be one of ${words.join(', ')}.`);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Not JSON is not an object.
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
