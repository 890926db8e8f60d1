import { callNative } from '@slipway/client/call-native.ts';
import type { Build } from '@slipway/client/native.gen.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { type ImageReference, parseImage } from '../input/image-reference.ts';
import { say } from '../output/say.ts';
import { utcTime } from '../output/utc-time.ts';
import type { Server } from '../server/find-server.ts';

/** A build as the command line names it. */
export type BuildName =
  | { kind: 'id'; id: string }
  | { kind: 'prefix'; prefix: string }
  | { kind: 'latest'; repository: string | undefined }
  | { kind: 'image'; image: ImageReference };

/** The help for an argument that names a build. */
export const BUILD_ARGUMENT =
  'BuildRecordId, its unique beginning, latest, NAMESPACE/NAME for the latest of a repository, or an image: NAMESPACE/NAME:TAG or NAMESPACE/NAME@sha256:…';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** As short as git allows for commits. */
const PREFIX = /^[0-9a-f][0-9a-f-]{3,34}$/i;
/** The newest build. */
export const LATEST = 'latest';
const SHOWN = 10;

/** Reads the name of a build. Throws `CliError`. */
export function parseBuildName(text: string): BuildName {
  if (ID.test(text)) return { kind: 'id', id: text.toLowerCase() };
  if (PREFIX.test(text)) return { kind: 'prefix', prefix: text.toLowerCase() };
  if (text === LATEST) return { kind: 'latest', repository: undefined };
  if (text.includes('/')) return nameOfImage(parseImage(text));
  const shown = JSON.stringify(text.slice(0, 200));
  throw new CliError(
    EXIT_CODES.usage,
    `${shown} is not a build: give a BuildRecordId, at least 4 characters of its beginning, latest, or NAMESPACE/NAME; slipway builds lists them`,
  );
}

function nameOfImage(image: ImageReference): BuildName {
  const { namespace, name, tag, digest } = image;
  if (tag === undefined && digest === undefined) return { kind: 'latest', repository: `${namespace}/${name}` };
  return { kind: 'image', image };
}

/**
 * The BuildRecordId of a build, which is said on standard error if the name is not about an id. Throws `CliError` if
 * there is no such build, or several.
 */
export async function findBuild(server: Pick<Server, 'client'>, name: BuildName): Promise<string> {
  if (name.kind === 'id') return name.id;
  if (name.kind === 'prefix') return await findByPrefix(server, name.prefix);
  const id = name.kind === 'latest' ? await findLatest(server, name.repository) : await findOfImage(server, name.image);
  say(`build ${id}`);
  return id;
}

async function findByPrefix({ client }: Pick<Server, 'client'>, prefix: string): Promise<string> {
  const { Builds, Cursor } = await callNative(client, 'listBuilds', { id: prefix, limit: SHOWN });
  const [first] = Builds;
  if (first === undefined)
    throw new CliError(EXIT_CODES.refused, `no build begins with ${prefix}; slipway builds lists them`);
  if (Builds.length === 1) return first.BuildRecordId;
  const more = Cursor === undefined ? '' : '\n  and more';
  throw new CliError(
    EXIT_CODES.usage,
    `several builds begin with ${prefix}; give more of the one that you mean:\n${Builds.map(candidate).join('\n')}${more}`,
  );
}

function candidate({ BuildRecordId, CreateTime, Status, Repository, ImageTag }: Build): string {
  return `  ${BuildRecordId}  ${utcTime(CreateTime)}  ${Status.padEnd(8)}  ${Repository}:${ImageTag}`;
}

async function findLatest({ client }: Pick<Server, 'client'>, repository: string | undefined): Promise<string> {
  const { Builds } = await callNative(client, 'listBuilds', { repository, limit: 1 });
  const [newest] = Builds;
  if (newest !== undefined) return newest.BuildRecordId;
  throw new CliError(
    EXIT_CODES.refused,
    `there are no builds${repository === undefined ? '' : ` of ${repository}`} yet`,
  );
}

/** The newest build that made an image. */
async function findOfImage(
  { client }: Pick<Server, 'client'>,
  { namespace, name, tag, digest }: ImageReference,
): Promise<string> {
  const reference = digest ?? tag ?? '';
  return (await callNative(client, 'findImageBuild', { namespace, name, reference })).BuildRecordId;
}
