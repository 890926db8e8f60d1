import { NAMESPACE_NAME_LIMIT, nameMistake } from '#namespace/namespace.ts';
import { REPOSITORY_NAME_LIMIT } from '#repository/repository.ts';
import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import { readNamePattern } from '#rpc/name-pattern.ts';
import { repositoryPath, type SyncRule, type TagPlace } from './sync.ts';

const NAME_LIMIT_CHARS = 64;

/** The fields of a rule in a call. */
export interface GivenRule {
  SyncRuleName: string;
  SyncScope: 'REPO' | 'NAMESPACE';
  SyncTrigger?: 'PASSIVE' | 'INITIATIVE' | undefined;
  NamespaceName?: string | undefined;
  NamespaceNameFilter?: string | undefined;
  RepoName?: string | undefined;
  RepoNameFilter?: string | undefined;
  TagFilter: string;
  TargetNamespaceName?: string | undefined;
  TargetRepoName?: string | undefined;
}

/** The source of a rule, as it was given. */
export type RuleWords = Pick<
  SyncRule,
  | 'name'
  | 'scope'
  | 'trigger'
  | 'namespaceName'
  | 'namespaceFilter'
  | 'repoName'
  | 'repoFilter'
  | 'tagFilter'
  | 'targetNamespaceName'
  | 'targetRepoName'
>;

/** Throws InvalidParameter and MissingParameter. Filters are kept as they came. */
export function readRule(given: GivenRule): RuleWords {
  const { SyncRuleName: name, SyncScope: scope } = given;
  if (name.length > NAME_LIMIT_CHARS)
    throw refused('SyncRuleName', `it has ${name.length} characters; ${NAME_LIMIT_CHARS} is the limit`);
  const common = { name, scope, trigger: given.SyncTrigger ?? 'PASSIVE', tagFilter: given.TagFilter } as const;
  readNamePattern('TagFilter', given.TagFilter);
  for (const [parameter, text, limit] of [
    ['TargetNamespaceName', given.TargetNamespaceName, NAMESPACE_NAME_LIMIT],
    ['TargetRepoName', given.TargetRepoName, REPOSITORY_NAME_LIMIT],
  ] as const)
    checkName(parameter, text, limit);
  if (scope === 'REPO') return { ...common, ...repositoryRule(given) };
  for (const parameter of ['RepoName', 'TargetRepoName'] as const)
    if (given[parameter] !== undefined) throw refused(parameter, 'it is only valid with SyncScope REPO');
  const repoFilter = given.RepoNameFilter ?? '.*';
  readNamePattern('RepoNameFilter', repoFilter);
  return { ...common, ...namespacesOf(given), repoName: undefined, repoFilter, targetRepoName: undefined };
}

/** Throws InvalidParameter for a text that names no namespace or repository. */
export function checkName(parameter: string, text: string | undefined, limit: number): void {
  const mistake = text === undefined ? undefined : nameMistake(text, limit);
  if (mistake !== undefined) throw refused(parameter, mistake);
}

function repositoryRule(given: GivenRule) {
  const { NamespaceName, RepoName, TargetNamespaceName, TargetRepoName } = given;
  if (NamespaceName === undefined) throw missingParameter('NamespaceName');
  if (RepoName === undefined) throw missingParameter('RepoName');
  if (TargetNamespaceName === undefined) throw missingParameter('TargetNamespaceName');
  if (TargetRepoName === undefined) throw missingParameter('TargetRepoName');
  for (const parameter of ['RepoNameFilter', 'NamespaceNameFilter'] as const)
    if (given[parameter] !== undefined) throw refused(parameter, 'it is only valid with SyncScope NAMESPACE');
  return {
    namespaceName: NamespaceName,
    namespaceFilter: undefined,
    repoName: RepoName,
    repoFilter: undefined,
    targetNamespaceName: TargetNamespaceName,
    targetRepoName: TargetRepoName,
  };
}

/**
 * One namespace and its name at the target; or the namespaces that a filter selects, which keep their names unless all are
 * copied to one.
 */
function namespacesOf({ NamespaceName, NamespaceNameFilter, TargetNamespaceName }: GivenRule) {
  if (NamespaceNameFilter !== undefined) {
    if (NamespaceName !== undefined)
      throw refused('NamespaceNameFilter', 'a rule is for one namespace or for those of a filter');
    readNamePattern('NamespaceNameFilter', NamespaceNameFilter);
    return {
      namespaceName: undefined,
      namespaceFilter: NamespaceNameFilter,
      targetNamespaceName: TargetNamespaceName,
    };
  }
  if (NamespaceName === undefined) throw missingParameter('NamespaceName');
  if (TargetNamespaceName === undefined) throw missingParameter('TargetNamespaceName');
  return { namespaceName: NamespaceName, namespaceFilter: undefined, targetNamespaceName: TargetNamespaceName };
}

/** Whether a rule covers a repository. */
export function coversRepository(
  { namespaceName, namespaceFilter, repoName, repoFilter }: SyncRule,
  repository: { namespaceName: string; name: string },
): boolean {
  const isNamed = namespaceName === undefined || namespaceName === repository.namespaceName;
  if (!isNamed || (repoName !== undefined && repoName !== repository.name)) return false;
  return (
    matches('NamespaceNameFilter', namespaceFilter, repository.namespaceName) &&
    matches('RepoNameFilter', repoFilter, repository.name)
  );
}

/** Whether a rule covers a tag. */
export function coversTag({ tagFilter }: SyncRule, tag: string): boolean {
  return matches('TagFilter', tagFilter, tag);
}

/** A blank filter selects everything. */
function matches(parameter: string, filter: string | undefined, name: string): boolean {
  if (filter === undefined) return true;
  return readNamePattern(parameter, filter)?.matches(name) ?? true;
}

/** Where a rule copies a tag. */
export function targetOf(rule: SyncRule, from: TagPlace): TagPlace {
  return {
    instanceId: rule.targetInstanceId,
    regionId: rule.targetRegionId,
    namespaceName: rule.targetNamespaceName ?? from.namespaceName,
    repoName: rule.targetRepoName ?? from.repoName,
    tag: from.tag,
  };
}

/** Whether an image would go back to a repository that it came through. */
export function goesBack(path: readonly string[], to: TagPlace): boolean {
  return path.includes(repositoryPath(to));
}

export function refused(parameter: string, reason: string) {
  return invalidParameter(parameter, `${reason}.`, `InvalidParameter.${parameter}`);
}
