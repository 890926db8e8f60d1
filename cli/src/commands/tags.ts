import { existsSync } from 'node:fs';
import { callNative } from '@slipway/client/call-native.ts';
import { counted } from '@slipway/client/counted.ts';
import type { ImageTag, NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG, show } from '../frame/server-command.ts';
import { parseImage, parseRepository, parseTagged } from '../input/image-reference.ts';
import { parseCount } from '../input/log-filter.ts';
import { printList } from '../output/list-pages.ts';
import { Output } from '../output/output.ts';
import { jsonText } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import { utcTime } from '../output/utc-time.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';
import { isS3Place } from '../server/s3-options.ts';
import { reading, restoreBackup } from './backup.ts';

interface TagsOptions extends ServerOptions {
  removed: boolean;
  limit: string;
  json: boolean;
}

type JsonOptions = ServerOptions & { json: boolean };
type RemovedTag = NativeCalls['listRemovedTags']['reply']['Tags'][number];

/** `slipway tags`, `tag`, `untag` and `restore`: what can be pulled from a repository. */
export function registerTags(program: Command): void {
  withServer(program.command('tags <namespace/name>'))
    .description('list the tags of a repository, most recently set first')
    .option('--removed', 'list tags that were deleted or overwritten and can be restored', false)
    .option('--limit <count>', 'maximum number of tags', '100')
    .option(...JSON_FLAG, false)
    .action((repository: string, options: TagsOptions) => listTags(repository, options));
  withServer(program.command('tag <namespace/name:from> <to>'))
    .description('set a tag to the image of another tag of its repository, or to NAMESPACE/NAME@DIGEST')
    .option(...JSON_FLAG, false)
    .action((from: string, to: string, options: JsonOptions) => setTag(from, to, options));
  withServer(program.command('untag <namespace/name:tag>'))
    .description('delete a tag; its image is kept for a while')
    .option(...JSON_FLAG, false)
    .action((image: string, options: JsonOptions) => untag(image, options));
  reading(withServer(program.command('restore').argument('<what>', 'NAMESPACE/NAME:TAG, or a backup')))
    .description(
      'restore NAMESPACE/NAME:TAG, a tag that was deleted, or NAMESPACE/NAME:TAG@DIGEST, one that was overwritten; or restore a BACKUP to a new data folder, which --data names',
    )
    .option('--paused', 'pause the server of the new data folder until slipway resume')
    .action(async (what: string, _: object, command: Command) => {
      const options = command.optsWithGlobals<ServerOptions & Parameters<typeof restoreBackup>[1]>();
      if (!isBackup(what)) return restore(what, options);
      process.exitCode = await restoreBackup(what, options);
    });
}

async function listTags(repository: string, options: TagsOptions): Promise<void> {
  const { namespace, name } = parseRepository(repository);
  const limit = parseCount('--limit', options.limit, 1);
  if (options.removed && limit > PAGE_LIMIT)
    throw new CliError(EXIT_CODES.usage, `--removed lists at most ${PAGE_LIMIT} tags; give a smaller --limit`);
  const { json } = options;
  await onServer(options, async ({ client }) => {
    const query = { namespace, name };
    if (!options.removed) {
      const entries = ({ Tags }: NativeCalls['listTags']['reply']) => Tags;
      const none = `${repository} has no tags`;
      return printList(client, { operation: 'listTags', query, entries, limit, json, row: tagRow, none });
    }
    const { Tags } = await callNative(client, 'listRemovedTags', { ...query, limit });
    const output = new Output();
    if (Tags.length === 0 && !json) say(`${repository} has no removed tags that can be restored`);
    for (const each of Tags) await output.write(`${json ? jsonText(each, output.terminal) : removedRow(each)}\n`);
  });
}

async function setTag(from: string, to: string, options: JsonOptions): Promise<void> {
  const { namespace, name, digest } = parseImage(from);
  if (digest !== undefined)
    return onServer(options, async ({ client }) => {
      await callNative(client, 'setTag', { namespace, name, tag: to, digest });
      const notes = [`${namespace}/${name}:${to} is ${digest} now`];
      await show(
        { data: { Repository: `${namespace}/${name}`, Tag: to, Digest: digest }, lines: [], notes },
        options.json,
      );
    });
  const { tag: FromTag } = parseTagged(from);
  await onServer(options, async ({ client, instanceId: InstanceId }) => {
    await client.call('CreateRepoTag', { InstanceId, NamespaceName: namespace, RepoName: name, FromTag, ToTag: to });
    const notes = [`${namespace}/${name}:${to} now has the image of ${FromTag}`];
    await show({ data: { Repository: `${namespace}/${name}`, Tag: to, FromTag }, lines: [], notes }, options.json);
  });
}

async function untag(image: string, options: JsonOptions): Promise<void> {
  const { namespace: RepoNamespaceName, name: RepoName, tag } = parseTagged(image);
  await onServer(options, async ({ client, instanceId: InstanceId }) => {
    const { RepoId = '' } = await client.call('GetRepository', { InstanceId, RepoNamespaceName, RepoName });
    await client.call('DeleteRepoTag', { InstanceId, RepoId, Tag: tag });
    const repository = `${RepoNamespaceName}/${RepoName}`;
    const notes = [`${repository}:${tag} is deleted; slipway restore brings it back while its image is kept`];
    await show({ data: { Repository: repository, Tag: tag }, lines: [], notes }, options.json);
  });
}

async function restore(image: string, options: JsonOptions): Promise<void> {
  const { namespace, name, tag, digest } = parseImage(image);
  if (tag === undefined) throw new CliError(EXIT_CODES.usage, 'name the tag to restore: NAMESPACE/NAME:TAG');
  await onServer(options, async ({ client }) => {
    const given = { namespace, name, tag, digest };
    const { Digest } = await callNative(client, 'restoreTag', given);
    const notes = [`${namespace}/${name}:${tag} is ${Digest} again`];
    await show({ data: { Repository: `${namespace}/${name}`, Tag: tag, Digest }, lines: [], notes }, options.json);
  });
}

/** Images have no such names, and a folder that is called like one is taken for what it is. */
function isBackup(what: string): boolean {
  return isS3Place(what) || /^[./]|\.tar$/.test(what) || existsSync(what);
}

const PAGE_LIMIT = 100;

function tagRow({ Tag, Digest, SizeBytes, UpdateTime, PushedBy, Platforms = [], ...pulls }: ImageTag): string {
  const platforms = Platforms.length === 0 ? '' : `  ${Platforms.join(', ')}`;
  const by = PushedBy === undefined ? '' : `  by ${PushedBy.replace(/^.*[:/]/, '')}`;
  return `${Tag.padEnd(20)}  ${Digest.slice(0, 19)}  ${mebibytes(SizeBytes)}${platforms}  set ${utcTime(UpdateTime)}${by}  ${pulledText(pulls)}`;
}

function pulledText({ LastPullTime, PullCount }: Pick<ImageTag, 'LastPullTime' | 'PullCount'>): string {
  if (LastPullTime === undefined && PullCount === 0) return 'never pulled';
  const times = PullCount === 0 ? '' : `pulled ${counted(PullCount, 'time')}`;
  if (LastPullTime === undefined) return times;
  return times === '' ? `last pulled ${utcTime(LastPullTime)}` : `${times}, last ${utcTime(LastPullTime)}`;
}

function removedRow({ Tag, Digest, RemoveTime, RemovedBy, Why }: RemovedTag): string {
  return `${Tag.padEnd(20)}  ${Digest}  ${Why} ${utcTime(RemoveTime)}  by ${RemovedBy.replace(/^.*[:/]/, '')}`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`.padStart(11);
}
