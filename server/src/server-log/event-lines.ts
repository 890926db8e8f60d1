import { type Channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Logger } from 'pino';
import { notedCalls } from '#audit/call-record.ts';
import type { RecordedCall } from '#audit/recorded-call.ts';
import type { BuildRecord, BuildRequester } from '#build/build.ts';
import { begunBuilds, endedBuilds } from '#build/build-channel.ts';

/** What the lines of events need. */
export interface EventLinesMeans {
  readonly logger: Pick<Logger, 'debug' | 'info' | 'warn' | 'isLevelEnabled'>;
  /** The name of a repository, for people; undefined if it no longer exists. */
  repositoryName(repoId: string): Promise<string | undefined>;
  report(message: string, error: unknown): void;
}

const SIGN_IN = /^(console:SignIn|GET \/token)$/;

/**
 * Writes the lines that tell what the server does: one for each build that begins or ends, each sign-in, and each refusal; with the
 * level debug, one for every other call. They come from the channels of builds and from the record of calls. Returns a function that
 * ends it.
 */
export function writeEventLines(means: EventLinesMeans): () => void {
  const { logger } = means;
  const build = async (level: 'info' | 'warn', message: string, record: BuildRecord, details: object) => {
    if (!logger.isLevelEnabled(level)) return;
    const repository = (await means.repositoryName(record.repoId)) ?? record.repoId;
    logger[level]({ repository, tag: record.imageTag, ...details }, `build ${record.buildRecordId} ${message}`);
  };
  const tell = (...line: Parameters<typeof build>) =>
    void build(...line).catch((error: unknown) => means.report('a build could not be logged', error));
  const heard: [Channel, (message: unknown) => void][] = [
    [
      begunBuilds,
      (message) => {
        const record = message as BuildRecord;
        tell('info', 'began', record, { rule: record.buildRuleId, for: requestersOf(record) });
      },
    ],
    [
      endedBuilds,
      (message) => {
        const record = message as BuildRecord;
        const { status, startedMs, endedMs, failure, imageDigest } = record;
        const seconds = startedMs === undefined || endedMs === undefined ? 0 : Math.max(0, endedMs - startedMs) / 1000;
        const reason = failure && (failure.summary ?? failure.message);
        const level = failure?.fault === 'machine' ? 'warn' : 'info';
        tell(level, `ended ${status}`, record, { seconds, reason, digest: imageDigest });
      },
    ],
    [notedCalls, (message) => tellCall(logger, message as RecordedCall)],
  ];
  for (const [channel, hear] of heard) subscribe(channel.name, hear);
  return () => {
    for (const [channel, hear] of heard) unsubscribe(channel.name, hear);
  };
}

/** Everyone for whom a build runs, each once. */
function requestersOf({ requesters = [] }: BuildRecord): string | undefined {
  const names = requesters.flatMap(({ who }: BuildRequester) => (who === undefined ? [] : [who.arn]));
  return names.length === 0 ? undefined : [...new Set(names)].join(',');
}

function tellCall(logger: EventLinesMeans['logger'], call: RecordedCall): void {
  const { requestId, action, resource, callerArn, accessKeyId, sourceIp, code, denied } = call;
  const isRefused = code !== 'success' && code !== 'allowed';
  const isSignIn = SIGN_IN.test(action);
  // Refused for lack of rights, or from nobody known; all other refusals are mistakes, and mostly harmless.
  const level = isRefused && (denied || callerArn === '') ? 'warn' : isRefused || isSignIn ? 'info' : 'debug';
  if (!logger.isLevelEnabled(level)) return;
  const caller = callerArn === '' ? accessKeyId : callerArn;
  const details = {
    requestId,
    sourceIp,
    caller: caller === '' ? undefined : caller,
    action,
    resource: resource === '' || resource === '*' ? undefined : resource,
    code: isRefused ? code : undefined,
  };
  const what = isSignIn ? 'sign-in' : 'call';
  logger[level](details, isRefused ? `${what} refused` : isSignIn ? 'signed in' : 'call answered');
}
