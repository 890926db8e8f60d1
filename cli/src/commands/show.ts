import { callNative } from '@slipway/client/call-native.ts';
import { callerName } from '@slipway/client/caller-name.ts';
import { counted } from '@slipway/client/counted.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { callerOf, TRIGGERS } from '@slipway/client/trigger-words.ts';
import type { Command } from 'commander';
import { BUILD_ARGUMENT, findBuild, parseBuildName } from '../build/build-id.ts';
import { columns } from '../frame/account-command.ts';
import { serverCommand } from '../frame/server-command.ts';
import { cancelledBy } from '../log/cancellation.ts';
import { replyData } from '../output/call-data.ts';
import { utcTime } from '../output/utc-time.ts';
import { waitSentence } from '../server/say-waiting.ts';

type Build = NativeCalls['getBuild']['reply'];

/** `slipway show BUILD`: what a build is, where it is, and why it waits. */
export function registerShow(program: Command): void {
  const what = 'show a build: its status, image, source and times, and why it waits';
  serverCommand(program, 'show', what, [], async (server, [build = '']) => {
    const id = await findBuild(server, parseBuildName(build));
    const reply = await callNative(server.client, 'getBuild', { id });
    const notes = reply.Status === 'FAILED' ? [`slipway why ${id} says what to do`] : [];
    return { data: replyData(reply), lines: linesOf(reply), notes };
  }).argument('<build>', BUILD_ARGUMENT);
}

function linesOf(build: Build): string[] {
  const { Status, CreateTime, StartTime, EndTime, Seal, LineCount } = build;
  const took = StartTime === undefined ? undefined : secondsFrom(StartTime, EndTime);
  const rows: [string, string | undefined][] = [
    ['build', build.BuildRecordId],
    ['status', Status],
    ['waits', Status === 'PENDING' ? waitSentence(build) : undefined],
    ['reason', build.Failure?.Message],
    ['cancelled', cancelledBy(build)],
    ['image', `${build.Repository}:${build.ImageTag}`],
    ['digest', build.ImageDigest],
    ['source', sourceOf(build)],
    ['commit', commitOf(build)],
    ['dockerfile', build.Dockerfile],
    ['started by', startedBy(build)],
    ['rights of', rightsOf(build)],
    ['requested', utcTime(CreateTime)],
    ['began', StartTime === undefined ? undefined : utcTime(StartTime)],
    ['took', took],
    ['log', `${counted(LineCount, 'line')}${Seal === undefined ? '' : `, sealed as ${Seal.verdict}`}`],
  ];
  // Messages may have several lines.
  return columns(rows.flatMap(([name, value]) => (value ? [[name, value.replaceAll(/[\r\n]+/g, ' ')]] : [])));
}

function secondsFrom(startMs: number, endMs = Date.now()): string {
  return `${(Math.max(endMs - startMs, 0) / 1000).toFixed(1)} s`;
}

function sourceOf({ Source, SourceUrl, Branch }: Build): string {
  if (Source.Kind === 'archive') return Source.Name === undefined ? 'a sent folder' : `the sent folder ${Source.Name}`;
  const ref = Branch ?? Source.Ref;
  return `${SourceUrl ?? Source.Url ?? Source.Name ?? 'a code host'}${ref === undefined ? '' : ` ${ref}`}`;
}

function commitOf({ CommitId, CommitAuthor, CommitMessage }: Build): string | undefined {
  if (CommitId === undefined) return undefined;
  const by = CommitAuthor === undefined ? '' : ` by ${CommitAuthor}`;
  const message = CommitMessage?.split('\n')[0];
  return `${CommitId}${by}${message ? `: ${message}` : ''}`;
}

function startedBy(build: Build): string | undefined {
  const trigger = build.Trigger === undefined ? undefined : TRIGGERS[build.Trigger];
  const caller = callerOf(build);
  return [trigger, ...(caller === undefined ? [] : [`by ${caller}`])].filter(Boolean).join(' ');
}

function rightsOf({ Requesters = [] }: Build): string {
  return [...new Set(Requesters.flatMap(({ Arn }) => (Arn === undefined ? [] : [callerName(Arn)])))].join(', ');
}
