import type { Database } from '#db/database.ts';
import { getNamespace } from '#namespace/namespace-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import { readNamePattern } from '#rpc/name-pattern.ts';
import { SCOPES, type ScanRuleWords, TRIGGERS } from './scan-rule.ts';

/** The fields of a rule in a call. */
export interface GivenScanRule {
  InstanceId: string;
  RuleName: string;
  ScanScope: string;
  Namespaces?: readonly string[] | undefined;
  RepoNames?: readonly string[] | undefined;
  RepoTagFilterPattern: string;
  TriggerType: string;
}

const NAME_LIMIT_CHARS = 64;
const LIST_LIMIT = 100;

/** Reads the fields of a rule. Throws InvalidParameter, MissingParameter, NAMESPACE_NOT_EXIST and REPO_NOT_EXIST. */
export async function readGivenScanRule(db: Database, given: GivenScanRule): Promise<ScanRuleWords> {
  const { InstanceId, RuleName: name, RepoTagFilterPattern: tagPattern, Namespaces = [], RepoNames = [] } = given;
  if (name.length > NAME_LIMIT_CHARS)
    throw invalidParameter('RuleName', `it is longer than ${NAME_LIMIT_CHARS} characters.`);
  const scope = oneOf('ScanScope', given.ScanScope, SCOPES);
  const trigger = oneOf('TriggerType', given.TriggerType, TRIGGERS);
  readNamePattern('RepoTagFilterPattern', tagPattern);
  for (const [list, values] of [['Namespaces', Namespaces] as const, ['RepoNames', RepoNames] as const])
    if (values.length > LIST_LIMIT) throw invalidParameter(list, `it has more than ${LIST_LIMIT} entries.`);
  if (scope === 'INSTANCE' && Namespaces.length > 0)
    throw invalidParameter('Namespaces', 'a rule with ScanScope INSTANCE is for every namespace; leave it out.');
  if (scope !== 'REPO' && RepoNames.length > 0)
    throw invalidParameter('RepoNames', `a rule with ScanScope ${scope} is for all repositories; leave it out.`);
  if (scope !== 'INSTANCE' && Namespaces.length === 0) throw missingParameter('Namespaces');
  if (scope === 'REPO' && Namespaces.length > 1)
    throw invalidParameter('Namespaces', 'a rule with ScanScope REPO is for repositories of one namespace.');
  if (scope === 'REPO' && RepoNames.length === 0) throw missingParameter('RepoNames');
  for (const namespace of Namespaces) {
    await getNamespace(db, InstanceId, namespace);
    for (const repoName of RepoNames) await getRepositoryByName(db, InstanceId, namespace, repoName);
  }
  return { name, scope, namespaces: Namespaces, repoNames: RepoNames, tagPattern, trigger };
}

function oneOf<Word extends string>(parameter: string, text: string, words: readonly Word[]): Word {
  const word = words.find((each) => each === text);
  if (word === undefined) throw invalidParameter(parameter, `it must be one of ${words.join(', ')}.`);
  return word;
}
