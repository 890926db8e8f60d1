import type { RuleAuthor } from '#account/rule-author.ts';
import type { Repository } from '#repository/repository.ts';
import { nextDate, type Schedule } from './schedule.ts';

/** The repositories that a rule covers; with scope REPO and no name, all of its namespace. */
export type Scope = 'INSTANCE' | 'NAMESPACE' | 'REPO';

/** The fields of a rule. It describes the tags to keep; its runs remove the others, repository by repository. */
export interface LifecycleRuleWords {
  scope: Scope;
  namespaceName: string | undefined;
  repoName: string | undefined;
  /** Whether it runs by its schedule. */
  auto: boolean;
  schedule: Schedule | undefined;
  /** How many of the matching tags to keep, most recently set first; all of them if undefined. */
  keepCount: number | undefined;
  /** The expression as it was sent; if it is absent or blank, every tag matches. */
  tagPattern: string | undefined;
  /** Whether runs remove tags. */
  deletesTags: boolean;
  /** Whether runs remove images without a tag instead. */
  deletesUntagged: boolean;
  /** Whether runs only report what they would remove. */
  dryRun: boolean;
}

/** A rule of an instance about how long tags are kept. */
export interface LifecycleRule extends LifecycleRuleWords {
  ruleId: string;
  instanceId: string;
  createdMs: number;
  modifiedMs: number;
  /** It runs by its schedule at the first date after this time. */
  countedFromMs: number;
  author: RuleAuthor;
}

/** When a rule runs next by its schedule; undefined if it does not. */
export function nextRunMs(rule: LifecycleRule, timeZone: string): number | undefined {
  if (!rule.auto || rule.schedule === undefined || !(rule.deletesTags || rule.deletesUntagged)) return undefined;
  return nextDate(rule.schedule, rule.countedFromMs, timeZone);
}

/** Whether a rule covers a repository. */
export function covers(
  { scope, namespaceName, repoName }: LifecycleRuleWords,
  repository: Pick<Repository, 'namespaceName' | 'name'>,
): boolean {
  if (scope === 'INSTANCE') return true;
  if (namespaceName !== repository.namespaceName) return false;
  return scope === 'NAMESPACE' || repoName === undefined || repoName === repository.name;
}
