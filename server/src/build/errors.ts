import type { Means } from '#rpc/context.ts';
import { ApiError } from '#rpc/errors/api-error.ts';

/** The message of a server that accepts no builds. */
export const NO_BUILDS = 'This server was started with --no-builds: it accepts no builds.';

/** Throws if the server accepts no builds. */
export function refuseWithoutBuilds({ takesBuilds }: Pick<Means, 'takesBuilds'>): void {
  if (!takesBuilds) throw new ApiError('BUILDS_DISABLED', 403, NO_BUILDS);
}

/** What only a server can do that runs builds, at once. */
export function refuseRoleApi({ perServer }: { perServer: number }, what: string): void {
  if (perServer === 0) throw new ApiError('BUILDS_DISABLED', 403, `This server has the role api: it cannot ${what}.`);
}

export function buildRecordNotFound(): ApiError {
  return new ApiError('BUILD_RECORD_NOT_EXIST', 404, 'The specified build record does not exist.');
}

export function buildLogExpired(buildRecordId: string, expiredMs: number): ApiError {
  const date = new Date(expiredMs).toISOString().slice(0, 10);
  return new ApiError('BUILD_LOG_EXPIRED', 404, `The log of build record ${buildRecordId} expired on ${date}.`);
}

/** The log was written, and is not on disk: its folder was removed or not restored. */
export function buildLogLost(buildRecordId: string): ApiError {
  return new ApiError(
    'BUILD_LOG_LOST',
    404,
    `The log of build record ${buildRecordId} was written, but is not on disk.`,
  );
}

/** Another server has the log, or had it when it died. */
export function buildLogElsewhere(buildRecordId: string): ApiError {
  return new ApiError(
    'ServiceUnavailable',
    503,
    `The log of build record ${buildRecordId} is at the server that began the build. Try again in a minute: by then that server is back, or the build has ended.`,
  );
}

export function buildLogDamaged(where: string): ApiError {
  return new ApiError(
    'BUILD_LOG_DAMAGED',
    500,
    `The log is damaged on disk: ${where}. Its other lines are sound: slipway log verify names what is damaged.`,
  );
}

export function buildRuleNotFound(): ApiError {
  return new ApiError('BUILD_RULE_NOT_EXIST', 404, 'The specified build rule does not exist.');
}

export function tooManyBuildRules(limit: number): ApiError {
  return new ApiError(
    'BUILD_RULE_LIMIT_EXCEEDED',
    400,
    `The repository has ${limit} build rules, which is the limit. Delete one, or match several branches by one expression.`,
  );
}

export function buildRuleNotLiteral(pushName: string): ApiError {
  return new ApiError(
    'BUILD_RULE_NOT_LITERAL',
    400,
    `The rule's PushName ${JSON.stringify(pushName)} is a pattern: only a push event can choose the branch or tag.`,
  );
}

export function buildSecretNotFound(): ApiError {
  return new ApiError('BUILD_SECRET_NOT_EXIST', 404, 'There is no build secret of this name here.');
}

export function sourceNotKept(): ApiError {
  return new ApiError(
    'SOURCE_ARCHIVE_NOT_EXIST',
    404,
    'The record was built from a folder that was sent only for that build and is not kept.',
  );
}
