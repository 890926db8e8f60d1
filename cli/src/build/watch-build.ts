import { callNative } from '@slipway/client/call-native.ts';
import type { Card, NativeCalls } from '@slipway/client/native.gen.ts';
import { EXIT_CODES } from '../error/cli-error.ts';
import { exitCodeOf, imageOf } from '../log/build-result.ts';
import { cancelledBy } from '../log/cancellation.ts';
import { followLog } from '../log/follow-log.ts';
import { fixLines } from '../output/fixes.ts';
import { Output } from '../output/output.ts';
import { jsonText, LineFormatter } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import type { Server } from '../server/find-server.ts';
import { sayWaiting } from '../server/say-waiting.ts';
import { untilServed } from '../server/server-away.ts';
import { type BuildOutput, writeOutputs } from './build-output.ts';
import { type ReportFlags, writeReports } from './build-report.ts';
import { addTags } from './image-tags.ts';

/** A build and its server. */
export interface BuildKey {
  InstanceId: string;
  RepoId: string;
  BuildRecordId: string;
}

/** The option of commands that start a build. */
export const DETACH_FLAG = ['-d, --detach', 'print the BuildRecordId and end; the build continues'] as const;

/** What else is done with the image, and how the build is shown. */
export interface WatchOptions {
  outputs?: readonly BuildOutput[];
  /** Further tags. */
  more?: readonly string[];
  flags?: ReportFlags;
  /** The key, the lines of the log and the build at its end, one document a line. */
  json: boolean;
}

type BuildRecord = NativeCalls['getBuild']['reply'];

/** Shows a build that was just requested to its end, or with `--detach` only which one it is. Returns the exit code. */
export async function followOrDetach(
  server: Server,
  key: BuildKey,
  { detach, ...options }: WatchOptions & { detach: boolean },
): Promise<number> {
  if (!detach) return await watchBuild(server, key, options);
  const output = new Output();
  await output.write(`${options.json ? jsonText(key, output.terminal) : key.BuildRecordId}\n`);
  if (!options.json) say(`slipway logs -f ${key.BuildRecordId} shows its log`);
  return 0;
}

/** Shows the log of a build while it grows, and how it ended; an interrupt cancels it. Returns the exit code. */
async function watchBuild(
  server: Server,
  key: BuildKey,
  { outputs = [], more = [], flags = {}, json }: WatchOptions,
): Promise<number> {
  const output = new Output();
  const formatter = new LineFormatter({ terminal: output.terminal, form: json ? 'json' : 'numbered' });
  const stopCancelling = cancelOnInterrupt(server, key);
  const stopWaiting = sayWaiting(server, key.BuildRecordId);
  try {
    const show = async (text: string) => (flags.quiet ? undefined : output.write(text));
    await show(json ? `${jsonText(key, output.terminal)}\n` : `build ${key.BuildRecordId}\n`);
    await followLog(server, key.BuildRecordId, { say }, (lines) => {
      if (lines.length > 0) stopWaiting();
      return show(lines.map((line) => `${formatter.format(line)}\n`).join(''));
    });
    const record = await untilServed(server, () => callNative(server.client, 'getBuild', { id: key.BuildRecordId }));
    const { Repository: repository, ImageTag: tag, ImageDigest: digest } = record;
    const further = digest === undefined ? [] : furtherTags(record, more);
    // A caller that may not set tags still has the image.
    const refused = await untilServed(server, () =>
      addTags(server, { repository, digest: digest ?? '' }, further),
    ).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const written = digest === undefined ? [] : await writeOutputs(server, { repository, tag, digest }, outputs);
    const names = namesOf(server, record, refused ? [] : further);
    if (digest !== undefined)
      await writeReports(flags, { buildRecordId: key.BuildRecordId, image: names.join(','), digest });
    if (json) await output.write(`${jsonText({ ...record, Images: names, Outputs: written }, output.terminal)}\n`);
    else await show(summary(server, key, { record, names, written, fixes: await fixesOf(server, record) }));
    if (flags.quiet && digest !== undefined && !json) await output.write(`${digest}\n`);
    if (flags.quiet && digest === undefined)
      say(`${record.Failure?.Message ?? record.Status}; slipway logs ${key.BuildRecordId}`);
    if (refused) throw refused.error;
    return exitCodeOf(record);
  } finally {
    stopWaiting();
    stopCancelling();
  }
}

/** If a newer build got the tag before this one, further tags are not set either. */
function furtherTags({ Status, SupersededBy }: BuildRecord, more: readonly string[]): readonly string[] {
  return Status === 'SUCCESS' && SupersededBy === undefined ? more : [];
}

function namesOf({ imageHost }: Server, record: BuildRecord, further: readonly string[]): string[] {
  return [imageOf(imageHost, record), ...further.map((tag) => imageOf(imageHost, { ...record, ImageTag: tag }))];
}

interface EndedBuild {
  record: BuildRecord;
  names: readonly string[];
  written: readonly string[];
  fixes: Card['Fixes'];
}

/** What to do about a failure. If the card cannot be read, the failure itself is still shown, and where to read more. */
async function fixesOf({ client }: Server, { BuildRecordId: id, Status }: BuildRecord): Promise<Card['Fixes']> {
  if (Status !== 'FAILED') return [];
  const card: Partial<Card> = await callNative(client, 'getCard', { id }).catch(() => ({}));
  return card.Fixes ?? [];
}

function summary(server: Server, key: BuildKey, { record, names, written, fixes }: EndedBuild): string {
  const [image] = names;
  const rows: [string, string][] = [
    ['BuildRecordId', key.BuildRecordId],
    ['Status', record.Status],
  ];
  const cancelled = cancelledBy(record);
  if (cancelled !== undefined) rows.push(['Cancelled', cancelled]);
  if (record.Failure) rows.push(['Reason', record.Failure.Message.replace(/[\r\n]+/g, ' ')]);
  rows.push(...fixLines(fixes).map((line, at): [string, string] => [at === 0 ? 'What to do' : '', line]));
  if (record.ImageDigest !== undefined)
    rows.push(...names.map((name): [string, string] => ['Image', name]), ['Digest', record.ImageDigest]);
  rows.push(['Log', `slipway logs ${key.BuildRecordId}`]);
  if (record.Failure) rows.push(['Why', `slipway why ${key.BuildRecordId}`]);
  if (record.ImageDigest !== undefined)
    rows.push([
      'Pull',
      `docker pull ${image}${server.embedded ? '   (while `slipway serve` runs on that address)' : ''}`,
    ]);
  rows.push(...written.map((line): [string, string] => ['Output', line]));
  return `\n${rows.map(([name, value]) => `${name.padEnd(15)}${value}\n`).join('')}`;
}

/** The first interrupt cancels the build, and the command shows its end; the second ends the command at once. */
function cancelOnInterrupt(server: Server, key: BuildKey): () => void {
  let asked = false;
  const onInterrupt = () => {
    if (asked) process.exit(EXIT_CODES.cancelled);
    asked = true;
    say('cancelling the build; interrupt again to stop waiting');
    server.client.call('CancelRepoBuildRecord', key).catch((error: Error) => {
      say(`the build could not be cancelled: ${error.message}`);
    });
  };
  process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt);
  return () => process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
}
