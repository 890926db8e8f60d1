import type { RuleAuthor } from '#account/rule-author.ts';
import type { ScanType } from '../scan-type.ts';

export const SCOPES = ['INSTANCE', 'NAMESPACE', 'REPO'] as const;
export const TRIGGERS = ['AUTO', 'MANUAL'] as const;

/** Which images are scanned when they are pushed: those in its scope whose tag matches the expression. */
export interface ScanRule {
  ruleId: string;
  instanceId: string;
  name: string;
  scope: (typeof SCOPES)[number];
  /** Empty with INSTANCE, one with REPO. */
  namespaces: readonly string[];
  /** Only with REPO. */
  repoNames: readonly string[];
  /** As it was sent. */
  tagPattern: string;
  trigger: (typeof TRIGGERS)[number];
  scanType: ScanType;
  createdMs: number;
  modifiedMs: number;
  author: RuleAuthor;
}

/** The fields of a rule in a call. */
export type ScanRuleWords = Pick<ScanRule, 'name' | 'scope' | 'namespaces' | 'repoNames' | 'tagPattern' | 'trigger'>;

/** Whether a repository is in the scope of a rule. */
export function isInScope(
  { scope, namespaces, repoNames }: Pick<ScanRule, 'scope' | 'namespaces' | 'repoNames'>,
  repository: { namespaceName: string; name: string },
): boolean {
  if (scope === 'INSTANCE') return true;
  return (
    namespaces.includes(repository.namespaceName) && (scope === 'NAMESPACE' || repoNames.includes(repository.name))
  );
}
