import type { Repository } from '#repository/repository.ts';
import { nextDate, type Schedule } from './schedule.ts';

/** Which repositories a rule is for; one of REPO without a name is for all of its namespace. */
export type Scope = 'INSTANCE' | 'NAMESPACE' | 'REPO';

/** What a rule says. It names the tags that stay; its runs remove the others, repository by repository. */
export interface LifecycleRuleWords {
  scope: Scope;
  namespaceName: string | undefined;
  repoName: string | undefined;
  /** Whether it runs by itself. */
  auto: boolean;
  schedule: Schedule | undefined;
  /** How many of the tags that match stay, those set last; all of them if undefined. */
  keepCount: number | undefined;
  /** The expression as it was sent; without one, or with blanks alone, every tag matches. */
  tagPattern: string | undefined;
  /** Whether runs remove tags. */
  deletesTags: boolean;
  /** Whether runs remove images without a tag instead. */
  deletesUntagged: boolean;
  /** Whether runs only tell what they would remove. */
  dryRun: boolean;
}

/** A rule of an instance for how long tags are kept. */
export interface LifecycleRule extends LifecycleRuleWords {
  ruleId: string;
  instanceId: string;
  createdMs: number;
  modifiedMs: number;
  /** It runs by itself at the first date of its schedule after this time. */
  countedFromMs: number;
}

/** When a rule runs by itself next; undefined if it does not. */
export function nextRunMs(rule: LifecycleRule, timeZone: string): number | undefined {
  if (!rule.auto || rule.schedule === undefined || !(rule.deletesTags || rule.deletesUntagged)) return undefined;
  return nextDate(rule.schedule, rule.countedFromMs, timeZone);
}

/** Whether a rule is for a repository. */
export function covers(
  { scope, namespaceName, repoName }: LifecycleRuleWords,
  repository: Pick<Repository, 'namespaceName' | 'name'>,
): boolean {
  if (scope === 'INSTANCE') return true;
  if (namespaceName !== repository.namespaceName) return false;
  return scope === 'NAMESPACE' || repoName === undefined || repoName === repository.name;
}
