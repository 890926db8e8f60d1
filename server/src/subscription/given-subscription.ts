import type { Database } from '#db/database.ts';
import { NAMESPACE_NAME_LIMIT, nameMistake } from '#namespace/namespace.ts';
import { getNamespace } from '#namespace/namespace-store.ts';
import { REPOSITORY_NAME_LIMIT } from '#repository/repository.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import type { Provider } from '#rpc/context.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { readNamePattern } from '#rpc/name-pattern.ts';
import { type SubscriptionWords, sourcePath } from './subscription.ts';

/** https://www.alibabacloud.com/help/en/acr/developer-reference/api-cr-2018-12-01-createartifactsubscriptionrule */
const LIMITS = { tags: 30, tagsOfDockerHub: 5, platforms: 200, pathChars: 255 };
const DOCKER_HUB = 'DOCKER_HUB';
/** Where Docker Hub keeps images that have no namespace. */
const DOCKER_HUB_NAMESPACE = 'library';
const PATH_PART = /^[a-z0-9][a-z0-9._-]*$/;
const PLATFORM_PART = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const PLATFORM_LIMIT_CHARS = 64;

/** The fields of a rule in a call. */
export interface GivenSubscription {
  SourceProvider: string;
  SourceNamespaceName?: string | undefined;
  SourceRepoName: string;
  NamespaceName: string;
  RepoName: string;
  TagRegexp: string;
  TagCount: number;
  Platform: readonly string[];
  Override: boolean;
  Accelerate: boolean;
}

/** Throws InvalidParameter, NAMESPACE_NOT_EXIST and REPO_NOT_EXIST. The expression and the platforms are kept as they came. */
export async function readSubscription(
  { db, providers }: { db: Database; providers: readonly Provider[] },
  instanceId: string,
  given: GivenSubscription,
): Promise<SubscriptionWords> {
  const words: SubscriptionWords = {
    provider: given.SourceProvider,
    sourceNamespaceName:
      given.SourceNamespaceName ?? (given.SourceProvider === DOCKER_HUB ? DOCKER_HUB_NAMESPACE : undefined),
    sourceRepoName: given.SourceRepoName,
    namespaceName: given.NamespaceName,
    repoName: given.RepoName,
    tagRegexp: given.TagRegexp,
    tagCount: given.TagCount,
    platforms: given.Platform,
    overrides: given.Override,
    accelerates: given.Accelerate,
  };
  checkSource(words, providers);
  checkTags(words);
  checkPlatforms(words.platforms);
  await checkTarget(db, instanceId, words);
  return words;
}

/** Reads a switch that comes as text. Throws InvalidParameter. */
export function readSwitch(parameter: string, text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  throw refused(parameter, `${shown(text)} is neither true nor false`);
}

function checkSource(words: SubscriptionWords, providers: readonly Provider[]): void {
  if (!providers.some(({ name }) => name === words.provider)) {
    const known = providers.map(({ name }) => name).join(', ');
    throw refused('SourceProvider', `${shown(words.provider)} is not one of ${known}`);
  }
  for (const [parameter, path] of [
    ['SourceNamespaceName', words.sourceNamespaceName],
    ['SourceRepoName', words.sourceRepoName],
  ] as const)
    if (path !== undefined && !path.split('/').every(isPathPart))
      throw refused(
        parameter,
        `${shown(path)} is not the name of a repository: lower-case letters, digits, . _ - and /`,
      );
  if (sourcePath(words).length > LIMITS.pathChars)
    throw refused('SourceRepoName', `it has more than ${LIMITS.pathChars} characters with its namespace`);
}

function isPathPart(part: string): boolean {
  return PATH_PART.test(part) && !/[._-]$/.test(part);
}

function checkTags({ provider, tagRegexp, tagCount }: SubscriptionWords): void {
  readNamePattern('TagRegexp', tagRegexp);
  const limit = provider === DOCKER_HUB ? LIMITS.tagsOfDockerHub : LIMITS.tags;
  if (tagCount < 1 || tagCount > limit) throw refused('TagCount', `${tagCount} is not from 1 to ${limit}`);
}

function checkPlatforms(platforms: readonly string[]): void {
  if (platforms.length === 0) throw refused('Platform', 'give at least one platform, such as linux/amd64');
  if (platforms.length > LIMITS.platforms)
    throw refused('Platform', `there are ${platforms.length}; ${LIMITS.platforms} is the limit`);
  const wrong = platforms.find((platform) => !isPlatform(platform));
  if (wrong !== undefined) throw refused('Platform', `${shown(wrong)} is not a platform such as linux/amd64`);
}

function isPlatform(platform: string): boolean {
  const parts = platform.split('/');
  const hasLength = (parts.length === 2 || parts.length === 3) && platform.length <= PLATFORM_LIMIT_CHARS;
  return hasLength && parts.every((part) => PLATFORM_PART.test(part));
}

async function checkTarget(
  db: Database,
  instanceId: string,
  { namespaceName, repoName }: SubscriptionWords,
): Promise<void> {
  for (const [parameter, name, limit] of [
    ['NamespaceName', namespaceName, NAMESPACE_NAME_LIMIT],
    ['RepoName', repoName, REPOSITORY_NAME_LIMIT],
  ] as const) {
    const mistake = nameMistake(name, limit);
    if (mistake !== undefined) throw refused(parameter, mistake);
  }
  if (!(await getNamespace(db, instanceId, namespaceName)).autoCreateRepo)
    await getRepositoryByName(db, instanceId, namespaceName, repoName);
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

function refused(parameter: string, reason: string) {
  return invalidParameter(parameter, `${reason}.`, `InvalidParameter.${parameter}`);
}
