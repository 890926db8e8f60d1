import type { RuleAuthor } from '#account/rule-author.ts';
import { checkReceiverUrl } from '#delivery/receiver-url.ts';
import { isTag } from '#repository/repository.ts';
import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import { readNamePattern } from '#rpc/name-pattern.ts';

/** The maximum number of triggers per repository. */
export const TRIGGERS_LIMIT = 10;
const NAME_LIMIT_CHARS = 64;
const TAGS_LIMIT = 100;

/** Which tags start a trigger. The vendor's pages spell the list type in two ways, so replies repeat what was sent. */
export type TriggerType = 'ALL' | 'TAG_LIST' | 'TAG_LISTTAG' | 'TAG_REG_EXP';

/** An address that is called when tags of a repository are set. Its receiver has the same id. */
export interface Trigger {
  triggerId: string;
  repoId: string;
  name: string;
  type: TriggerType;
  /** Tags separated by commas, or an expression for whole tags; empty for all. */
  tag: string;
  url: string;
  createdMs: number;
  modifiedMs: number;
  author: RuleAuthor;
}

type TriggerInput = Pick<Trigger, 'name' | 'type' | 'tag' | 'url'>;

/** Checks a caller's parameters. Throws InvalidParameter or MissingParameter for the first wrong one. */
export function checkTriggerInput({ name, type, tag, url }: TriggerInput): void {
  if (name.length > NAME_LIMIT_CHARS || /\p{Cc}/u.test(name))
    throw invalidParameter('TriggerName', `a name has 1 to ${NAME_LIMIT_CHARS} characters without control characters.`);
  checkReceiverUrl('TriggerUrl', url);
  if (type === 'ALL') {
    if (tag.length > NAME_LIMIT_CHARS)
      throw invalidParameter('TriggerTag', 'TriggerType ALL needs none; leave it out.');
    return;
  }
  if (tag.trim() === '') throw missingParameter('TriggerTag');
  if (type === 'TAG_REG_EXP') {
    readNamePattern('TriggerTag', tag);
    return;
  }
  const tags = listedTags(tag);
  if (tags.length > TAGS_LIMIT)
    throw invalidParameter('TriggerTag', `it has ${tags.length} tags; ${TAGS_LIMIT} is the limit.`);
  const wrong = tags.find((each) => !isTag(each));
  if (wrong !== undefined) throw invalidParameter('TriggerTag', `${JSON.stringify(wrong.slice(0, 200))} is not a tag.`);
}

/** Whether a trigger matches a tag. */
export function isTriggeredBy({ type, tag }: Pick<Trigger, 'type' | 'tag'>, setTag: string): boolean {
  if (type === 'ALL') return true;
  if (type === 'TAG_REG_EXP') return readNamePattern('TriggerTag', tag)?.matches(setTag) ?? false;
  return listedTags(tag).includes(setTag);
}

function listedTags(tag: string): string[] {
  return tag.split(',').map((each) => each.trim());
}
