import type { BuildRecord } from '#build/build.ts';
import { buildOptionFields } from '#build/request/option-fields.ts';
import { failureReply } from '#log/failure-reply.ts';
import type { Build } from '#rpc/native-types.gen.ts';
import { branchOf } from '#source/source.ts';

/** A build as the native API shows it. Fields that are not known yet are absent. */
export function buildReply(record: BuildRecord, repository: string): Build {
  return {
    BuildRecordId: record.buildRecordId,
    InstanceId: record.instanceId,
    RepoId: record.repoId,
    Repository: repository,
    ImageTag: record.imageTag,
    Status: record.status,
    Failure: failureReply(record.failure),
    ImageDigest: record.imageDigest,
    CommitId: record.commitId,
    CommitAuthor: record.commitAuthor,
    CommitMessage: record.commitMessage,
    BaseImages: record.baseImages?.map(({ name, digest, platform }) => ({
      Name: name,
      Digest: digest,
      Platform: platform,
    })),
    BuildRuleId: record.buildRuleId,
    Trigger: record.trigger,
    Requesters: record.requesters?.map(({ part, who }) => ({ Part: part, Arn: who?.arn })),
    Source: sourceReply(record.source),
    Branch: branchOf(record.source),
    Dockerfile: record.dockerfile,
    BuildArgs: record.buildArgs.map((each) => each.split('=', 1)[0] ?? ''),
    Options: buildOptionFields(record.options),
    Attempt: record.leaseEpoch,
    SupersededBy: record.supersededBy,
    Cancellation: cancellationReply(record),
    CreateTime: record.createdMs,
    StartTime: record.startedMs,
    EndTime: record.endedMs,
    LogExpireTime: record.logExpiredMs,
  };
}

/** Absent for a build that ended otherwise before it could be cancelled. */
function cancellationReply({ status, cancellation }: BuildRecord): Build['Cancellation'] {
  if (cancellation === undefined || status === 'SUCCESS' || status === 'FAILED') return undefined;
  const { cause, timeMs, who } = cancellation;
  return { Cause: cause, Time: timeMs, Arn: who?.arn };
}

/** The origin of a build's source. A sent folder is removed after its build, so such a build cannot be repeated. */
function sourceReply(source: BuildRecord['source']): Build['Source'] {
  if (source.kind === 'archive') return { Kind: 'archive', Name: source.name };
  if (source.kind === 'git') return { Kind: 'git', Url: source.url, Ref: source.ref };
  return { Kind: 'code-host', Name: `${source.type} ${source.namespaceName}/${source.name}`, Ref: source.ref };
}
