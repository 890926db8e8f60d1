import type { Requester } from '#account/requester.ts';
import { eventTransaction } from '#event/event-store.ts';
import { NAMESPACE_NAME_LIMIT, type Namespace, nameMistake } from '#namespace/namespace.ts';
import { ensureNamespace, findNamespace, getNamespace } from '#namespace/namespace-store.ts';
import { isTag, REPOSITORY_NAME_LIMIT, type Repository } from '#repository/repository.ts';
import { ensureRepository, findRepositoryByName } from '#repository/repository-store.ts';
import type { Means } from '#rpc/context.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import type { NewBuild } from '#rpc/native-types.gen.ts';
import type { BuildSource } from '#source/source.ts';
import { getSourceArchive } from '#source/source-store.ts';
import { buildArgsMistake, dockerfilePath } from '../build.ts';
import type { BuildOptions } from '../build-options.ts';
import { insertBuildRecord } from '../build-store.ts';
import { refuseWithoutBuilds } from '../errors.ts';
import { archiveIdsOf } from './build-context.ts';
import { parseSource } from './build-source.ts';
import { saveGivenSecrets } from './given-secret-store.ts';
import type { GivenSecrets } from './given-secrets.ts';
import { parseBuildOptions, parseGivenSecrets } from './option-fields.ts';

/** The request of `POST /api/v1/builds`: an image's name and its source. */
interface BuildRequest {
  namespace: string;
  name: string;
  tag: string;
  source: BuildSource;
  dockerfile: string;
  buildArgs: readonly string[];
  options: BuildOptions;
  given: GivenSecrets;
}

/**
 * Queues a build for a caller who may build this image, and creates its namespace and repository if they do not exist. `allow`
 * throws unless the caller may perform an action on a resource; it is called for each thing that is created. Throws `ApiError`
 * that names the field.
 */
export async function requestBuild(
  means: Means,
  instanceId: string,
  body: NewBuild,
  { requester, allow }: { requester: Requester; allow: (action: string, resource: string) => void },
): Promise<{ BuildRecordId: string; InstanceId: string; RepoId: string }> {
  refuseWithoutBuilds(means);
  const request = parseRequest(body);
  const { source } = request;
  const archiveIds = archiveIdsOf(request);
  for (const archiveId of archiveIds) await getSourceArchive(means.db, instanceId, archiveId);
  const repoId = await ensurePlace(means, instanceId, request, allow);
  const buildRecordId = means.newBuildRecordId();
  await eventTransaction(means.db, async (db) => {
    // Check again: it may have been swept in the meantime. From here on, it is safe.
    for (const archiveId of archiveIds) await getSourceArchive(db, instanceId, archiveId);
    await insertBuildRecord(db, {
      buildRecordId,
      instanceId,
      repoId,
      imageTag: request.tag,
      source,
      dockerfile: request.dockerfile,
      buildArgs: request.buildArgs,
      useCache: true,
      options: request.options,
      createdMs: means.now(),
      requesters: [{ part: 'call', who: requester }],
      trigger: 'call',
    });
    await saveGivenSecrets({ db, secrets: means.secrets }, buildRecordId, request.given);
  });
  means.buildQueued();
  return { BuildRecordId: buildRecordId, InstanceId: instanceId, RepoId: repoId };
}

async function ensurePlace(
  means: Means,
  instanceId: string,
  request: BuildRequest,
  allow: (action: string, resource: string) => void,
): Promise<string> {
  const { namespace, name } = request;
  const there = await findRepositoryByName(means.db, instanceId, namespace, name);
  if (there) return there.repoId;
  if (!(await findNamespace(means.db, instanceId, namespace))) allow('cr:CreateNamespace', `repository/${instanceId}`);
  allow('cr:CreateRepository', `repository/${instanceId}/${namespace}`);
  const nowMs = means.now();
  const common = { instanceId, status: 'NORMAL' as const, createdMs: nowMs, modifiedMs: nowMs };
  const newNamespace: Namespace = {
    ...common,
    namespaceId: means.newId('crn'),
    name: namespace,
    autoCreateRepo: false,
    defaultRepoType: 'PRIVATE',
    defaultTagImmutability: false,
  };
  await ensureNamespace(means.db, newNamespace, means.quotas.namespaces);
  const { defaultTagImmutability } = await getNamespace(means.db, instanceId, namespace);
  const repository: Repository = {
    ...common,
    repoId: means.newId('crr'),
    namespaceName: namespace,
    name,
    type: 'PRIVATE',
    summary: 'created by slipway build',
    detail: undefined,
    tagImmutability: defaultTagImmutability,
  };
  const { repoId } = await ensureRepository(means.db, repository, means.quotas.repositories);
  return repoId;
}

function parseRequest(body: NewBuild): BuildRequest {
  const { Image: image, Source, Dockerfile: dockerfile = 'Dockerfile', BuildArgs: buildArgs = [] } = body;
  const match = /^([^/:]+)\/([^/:]+)(?::([^/:]+))?$/.exec(image);
  const [, namespace = '', name = '', tag = 'latest'] = match ?? [];
  if (!match) throw invalidParameter('Image', `${JSON.stringify(image)} is not of the form NAMESPACE/NAME:TAG`);
  const mistake = nameMistake(namespace, NAMESPACE_NAME_LIMIT) ?? nameMistake(name, REPOSITORY_NAME_LIMIT);
  if (mistake) throw invalidParameter('Image', `${JSON.stringify(image)}: ${mistake}`);
  if (!isTag(tag)) throw invalidParameter('Image', `${JSON.stringify(tag)} is not a tag`);
  const path = dockerfilePath('/', dockerfile);
  if (path === undefined)
    throw invalidParameter('Dockerfile', `${JSON.stringify(dockerfile)} is not a path inside the source`);
  const wrong = buildArgsMistake(buildArgs);
  if (wrong) throw invalidParameter('BuildArgs', wrong);
  return {
    namespace,
    name,
    tag,
    source: parseSource(Source),
    dockerfile: path,
    buildArgs,
    options: parseBuildOptions(body),
    given: parseGivenSecrets(body),
  };
}
