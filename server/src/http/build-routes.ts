import type { Seal } from '@slipway/logbook';
import type { FastifyInstance } from 'fastify';
import { requesterOf } from '#account/requester.ts';
import { BUILD_STATUSES, type BuildRecord, type BuildStatus } from '#build/build.ts';
import { type BuildFilter, listBuilds } from '#build/build-list.ts';
import { buildOptionFields } from '#build/build-options.ts';
import { findExpiredLog } from '#build/expired-log-store.ts';
import { expectedDurationMs, queuePosition } from '#build/queue-outlook.ts';
import { requestBuild } from '#build/request-build.ts';
import { invalidParameter } from '#rpc/api-error.ts';
import { integer, type QueryKind, readQuery, text, time } from './api-query.ts';
import { readJsonObject } from './json-body.ts';
import { listableRepositories } from './listable-repositories.ts';
import { allow, allowOnBuild, type BuildRequest, callerOf, type NativeApi } from './native-api.ts';

const LIST_DEFAULT = 30;
const LIST_LIMIT = 100;

/** A repository as people write it. */
export const REPOSITORY_NAME: QueryKind<string> = text(/^[^/]{1,128}\/[^/]{1,128}$/, 'of the form NAMESPACE/NAME');

/** A list with commas of statuses. */
const statuses: QueryKind<BuildStatus[]> = (value, name) =>
  value.split(',').map((word) => {
    const status = BUILD_STATUSES.find((known) => known === word);
    if (status === undefined) {
      throw invalidParameter(name, `${JSON.stringify(word)} is none of ${BUILD_STATUSES.join(', ')}.`);
    }
    return status;
  });

const LIST_QUERY = {
  repository: REPOSITORY_NAME,
  status: statuses,
  since: time,
  until: time,
  commit: text(/^[0-9a-f]{4,64}$/, 'the beginning of a commit id: 4 to 64 digits of 0-9 a-f'),
  limit: integer(1, LIST_LIMIT),
  cursor: integer(1, Number.MAX_SAFE_INTEGER),
};

/** `POST /builds` queues a build; `GET /builds` lists them, the newest first; `GET /builds/ID` tells all of one. */
export async function buildRoutes(app: FastifyInstance, { api }: { api: NativeApi }): Promise<void> {
  const { means, instanceId } = api;

  app.post('/builds', async (request) => {
    const body = request.body as Buffer;
    const principal = await callerOf(api, request, body);
    const record = await requestBuild(means, instanceId, readJsonObject(body), {
      requester: requesterOf(principal),
      allow: (action, resource) => allow(api, { request, principal }, action, resource),
    });
    return { RequestId: request.id, ...record };
  });

  app.get('/builds', async (request) => {
    const principal = await callerOf(api, request);
    const query = readQuery(request, LIST_QUERY);
    const call = { request, principal };
    const filter: BuildFilter = {
      instanceId,
      repoIds: await listableRepositories(api, call, 'cr:ListRepositoryBuild', query.repository),
      statuses: query.status,
      sinceMs: query.since,
      untilMs: query.until,
      commitPrefix: query.commit,
    };
    const page = { limit: query.limit ?? LIST_DEFAULT, beforeSequence: query.cursor };
    const { builds, nextSequence } = await listBuilds(means.db, filter, page);
    return {
      RequestId: request.id,
      Builds: builds.map(({ record, repository }) => buildReply(record, repository)),
      Cursor: nextSequence === undefined ? undefined : String(nextSequence),
    };
  });

  app.get('/builds/:id', async (request: BuildRequest) => {
    const principal = await callerOf(api, request);
    readQuery(request, {});
    // The vendor's page narrows this action to the instance alone; its neighbours are narrowed to the repository.
    const found = await allowOnBuild(api, { request, principal }, 'cr:GetRepositoryBuildRecord', [
      `repository/${instanceId}`,
    ]);
    const { record, repository } = found;
    const log = await logOf(api, record);
    return {
      RequestId: request.id,
      ...buildReply(record, `${repository.namespaceName}/${repository.name}`),
      ...(await queueReply(api, record)),
      ...log,
    };
  });
}

/** What is known of a log, and stays known when it has expired. */
async function logOf({ means }: NativeApi, { buildRecordId, logExpiredMs }: BuildRecord) {
  const expired = logExpiredMs === undefined ? undefined : await findExpiredLog(means.db, buildRecordId);
  const seal = expired?.seal as Seal | undefined;
  if (seal) return { LineCount: seal.lineCount, Seal: seal };
  const state = means.logbook.state(buildRecordId);
  return { LineCount: state?.lineCount ?? 0, Seal: state?.seal };
}

/** Of a build that waits its place in the queue, and of one that has not ended how long the last good ones took. */
async function queueReply({ means }: NativeApi, record: BuildRecord) {
  if (record.status !== 'PENDING' && record.status !== 'BUILDING') return {};
  return {
    QueuePosition: record.status === 'PENDING' ? await queuePosition(means.db, record) : undefined,
    ExpectedDuration: await expectedDurationMs(means.db, record),
  };
}

/** A build as the native API tells of it. Times in milliseconds since 1970; what is not known yet is not there. */
export function buildReply(record: BuildRecord, repository: string) {
  return {
    BuildRecordId: record.buildRecordId,
    InstanceId: record.instanceId,
    RepoId: record.repoId,
    Repository: repository,
    ImageTag: record.imageTag,
    Status: record.status,
    Failure: record.failure && { Fault: record.failure.fault, Message: record.failure.message },
    ImageDigest: record.imageDigest,
    CommitId: record.commitId,
    CommitAuthor: record.commitAuthor,
    CommitMessage: record.commitMessage,
    BaseImages: record.baseImages?.map(({ name, digest }) => ({ Name: name, Digest: digest })),
    BuildRuleId: record.buildRuleId,
    Requesters: record.requesters?.map(({ part, who }) => ({ Part: part, Arn: who?.arn })),
    Source: sourceReply(record.source),
    Options: buildOptionFields(record.options),
    Attempt: record.leaseEpoch,
    SupersededBy: record.supersededBy,
    CreateTime: record.createdMs,
    StartTime: record.startedMs,
    EndTime: record.endedMs,
    LogExpireTime: record.logExpiredMs,
  };
}

/** Where a build's source is from. A sent folder is removed after its build, so that such a build cannot be repeated. */
function sourceReply(source: BuildRecord['source']) {
  if (source.kind === 'archive') return { Kind: 'archive', Name: source.name };
  if (source.kind === 'git') return { Kind: 'git', Url: source.url, Ref: source.ref };
  return { Kind: 'code-host', Name: `${source.type} ${source.namespaceName}/${source.name}`, Ref: source.ref };
}
