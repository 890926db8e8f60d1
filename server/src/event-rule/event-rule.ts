import type { RuleAuthor } from '#account/rule-author.ts';

/** The maximum number of event rules per instance, as at the vendor. */
export const EVENT_RULES_LIMIT = 10;

/** What a rule can be for, in the vendor's words. */
export const EVENT_TYPES = [
  'cr:Artifact:DeliveryChainCompleted',
  'cr:Artifact:SynchronizationCompleted',
  'cr:Artifact:BuildCompleted',
  'cr:Artifact:ScanCompleted',
  'cr:Artifact:SigningCompleted',
  'cr:Artifact:PushCompleted',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

export const RULE_SCOPES = ['INSTANCE', 'NAMESPACE', 'REPO'] as const;

/** `dingding` sends a message for a robot of a DingTalk group, `mail` a mail, the others a CloudEvent. `mail` is not the vendor's. */
export const NOTIFY_METHODS = ['http', 'https', 'dingding', 'mail'] as const;

export type NotifyMethod = (typeof NOTIFY_METHODS)[number];

/** Which events of an instance are sent, and how. Its receiver has the same id. */
export interface EventRule {
  ruleId: string;
  instanceId: string;
  name: string;
  eventType: EventType;
  scope: (typeof RULE_SCOPES)[number];
  /** None with INSTANCE, one with REPO. */
  namespaces: readonly string[];
  /** Only with REPO. */
  repoNames: readonly string[];
  /** For whole tags, as it was sent; empty for every tag. */
  tagPattern: string;
  method: NotifyMethod;
  createdMs: number;
  modifiedMs: number;
  author: RuleAuthor;
}

/** Where something happened. */
export interface EventPlace {
  namespaceName: string;
  repoName: string;
  tag: string;
}

/** Something that happened to a tag of a repository, with the fields of a message. */
export interface Occurrence {
  eventType: EventType;
  timeMs: number;
  tag: string;
  /** The fields of this type, in addition to those that say where. */
  data: Readonly<Record<string, string>>;
}

/** Whether a repository is in the scope of a rule. */
export function coversRepository(
  { scope, namespaces, repoNames }: Pick<EventRule, 'scope' | 'namespaces' | 'repoNames'>,
  { namespaceName, repoName }: Omit<EventPlace, 'tag'>,
): boolean {
  if (scope === 'INSTANCE') return true;
  return namespaces.includes(namespaceName) && (scope === 'NAMESPACE' || repoNames.includes(repoName));
}
