import { PLATFORMS } from '#platform/platform.ts';
import type { BuildLimits } from './build-limits.ts';
import {
  BUILD_ARGS_FORM,
  ENVIRONMENT_FORM,
  LABELS_FORM,
  SECRETS_FORM,
  SSH_KEYS_FORM,
  textsOf,
} from './request-texts.ts';
import { bad, type Fields, flag, isObject, listOf, matching, RefusedRequest, whole, within } from './request-values.ts';
import type { Surroundings } from './surroundings.ts';
import type { SpaceRequest, WorkRequest } from './work-request.ts';

export { RefusedRequest } from './request-values.ts';

/**
 * A base image in the helper's hands. `scope` separates bases fetched with different credentials (`world` is without one),
 * `digest` the one it was fetched by.
 */
export interface BaseRef {
  scope: string;
  digest: string;
}

/** A base under the name by which a Dockerfile asks for it. */
export type NamedBase = BaseRef & {
  name: string;
  /** The platform whose image it is, if the name has images for several platforms. */
  platform?: string;
};

/** Where the files of a source or another folder come from. */
export interface FolderOrigin {
  /** Their times say only when they were fetched. */
  isFetched?: boolean;
  /** The SHA-256 of the archive of which all of them were unpacked. */
  archive?: string;
}

/** A build as the unprivileged side asks for it: ids and values, never a path of the host. */
export type BuildRequest = {
  buildId: string;
  repositoryId: string;
  /** Path inside the context, with `/` between the parts. */
  dockerfile: string;
  /** A text that the builder reads instead of it. */
  dockerfileText?: string | undefined;
  buildArgs: Record<string, string>;
  /** Labels of the image, in addition to those of the Dockerfile. */
  labels?: Record<string, string>;
  /** The base images that it may name. */
  bases: NamedBase[];
  /** What steps may mount, by the id of the mount: kept only in the box's memory. */
  secrets?: Record<string, string>;
  /** Private SSH keys of the build, by the id of the mount: kept only in memory, too. */
  sshKeys?: Record<string, string>;
  /** Folders beside the source that the Dockerfile finds by name: `named-0` and so on, where the server put them. */
  contexts?: readonly ({ name: string; folder: string } & FolderOrigin)[];
  /** Use the repository's own store, and with it its layers. */
  cache: boolean;
  /** The store that it begins with a copy of if it does not exist: what is built there changes nothing in the other one. */
  copyOf?: string;
  /** How long to wait while another build has them. */
  cacheWaitMs?: number;
  /** Take nothing from the layers, but keep what is made. */
  noCache?: boolean;
  /** Caches of other builds, loaded like bases: steps found in them are not run again. */
  cacheFrom?: BaseRef[];
  /** Leave a cache beside the image: of the layers of the image, or of all steps. */
  cacheTo?: 'min' | 'max';
  target?: string;
  /** The platforms of the image: several make an index. Without any, this machine's. */
  platforms?: string[];
  /** The platforms that steps run on: those that are not this machine's are emulated. */
  stepPlatforms?: string[];
  limits: BuildLimits;
  egress: 'world' | 'none';
} & FolderOrigin &
  Surroundings;

/** What the client adds: how the builder names the streams of steps (step-mark.ts). */
export type MarkedBuildRequest = BuildRequest & { stepMark: string };

/** What is known of a build before its source is there: enough to start the builder. */
export type BuilderStart = Pick<BuildRequest, 'buildId' | 'repositoryId' | 'copyOf' | 'limits' | 'egress'> &
  Surroundings;

/** A base image to keep: the folder DATA/work/buildId/bases/HEX. */
export type LoadRequest = BaseRef & { buildId: string };

/** The single line that opens a connection to the helper. */
export type HelperRequest =
  | { op: 'check'; build: boolean }
  | ({ op: 'findBase'; buildId?: string } & BaseRef)
  | ({ op: 'openWork' } & WorkRequest)
  | ({ op: 'openSpace' } & SpaceRequest)
  | { op: 'countWork'; buildId: string }
  | ({ op: 'loadBase' } & LoadRequest)
  | ({ op: 'runBuild' } & MarkedBuildRequest)
  /** A runBuild request of the same build follows on the same connection. */
  | ({ op: 'openBuilder' } & BuilderStart & { stepMark: string })
  | { op: 'listStores' }
  | { op: 'removeStore'; repositoryId: string }
  | { op: 'measureBases'; remove: boolean }
  | { op: 'cleanUp'; buildId: string };

/** A Dockerfile for several platforms names each image once for each platform. */
const MOST_BASES = 256;

/** The id of a build, as in the names of folders. */
export const BUILD_ID_FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ID_FORM = /^[a-z0-9][a-z0-9-]{0,127}$/;
const DIGEST_FORM = /^sha256:[0-9a-f]{64}$/;
const SHA256_FORM = /^[0-9a-f]{64}$/;
const IMAGE_NAME_FORM = /^[a-z0-9][a-zA-Z0-9._:/-]{0,510}(@sha256:[0-9a-f]{64})?$/;
const PEM_FORM = /^[\x20-\x7e\n]{1,4194304}$/;
const TARGET_FORM = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * Reads a request: a line of JSON, or the object that was parsed from one. Throws RefusedRequest (`bad-request`) naming the field; everything in the
 * result is checked.
 */
export function parseRequest(line: string | Fields): HelperRequest {
  const value = typeof line === 'string' ? parseObject(line) : line;
  switch (value.op) {
    case 'check':
      return { op: 'check', build: flag(value, 'build') };
    case 'findBase': {
      const held = value.buildId === undefined ? {} : { buildId: buildIdOf(value) };
      return { op: 'findBase', ...held, ...baseOf(value) };
    }
    case 'openWork': {
      const limits = groupLimitsOf(value);
      const pid = whole(value, 'pid', 2, 2 ** 31 - 1);
      return { op: 'openWork', buildId: buildIdOf(value), pid, limits, ...spaceSizeOf(value) };
    }
    case 'openSpace': {
      const space = matching('space', value.space, /^(source|bases)$/) as SpaceRequest['space'];
      return { op: 'openSpace', buildId: buildIdOf(value), space, ...spaceSizeOf(value) };
    }
    case 'countWork':
      return { op: 'countWork', buildId: buildIdOf(value) };
    case 'loadBase':
      return { op: 'loadBase', buildId: buildIdOf(value), ...baseOf(value) };
    case 'runBuild':
      return { op: 'runBuild', ...buildOf(value) };
    case 'openBuilder':
      return { op: 'openBuilder', ...builderOf(value) };
    case 'listStores':
      return { op: 'listStores' };
    case 'measureBases':
      return { op: 'measureBases', remove: flag(value, 'remove') };
    case 'removeStore':
      return { op: 'removeStore', repositoryId: matching('repositoryId', value.repositoryId, ID_FORM) };
    case 'cleanUp':
      return { op: 'cleanUp', buildId: buildIdOf(value) };
    default:
      throw bad('op', value.op);
  }
}

function parseObject(line: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new RefusedRequest('bad-request', `the request is not JSON: ${String(cause)}`);
  }
  if (!isObject(value)) throw bad('request', value);
  return value;
}

function builderOf(value: Fields): BuilderStart & { stepMark: string } {
  const { environment, authorities } = value;
  return {
    buildId: buildIdOf(value),
    repositoryId: matching('repositoryId', value.repositoryId, ID_FORM),
    ...(value.copyOf === undefined ? {} : { copyOf: matching('copyOf', value.copyOf, ID_FORM) }),
    limits: limitsOf(value),
    egress: matching('egress', value.egress, /^(world|none)$/) as 'world' | 'none',
    stepMark: matching('stepMark', value.stepMark, /^[0-9a-f]{32}$/),
    ...(environment === undefined ? {} : { environment: textsOf('environment', environment, ENVIRONMENT_FORM) }),
    ...(authorities === undefined ? {} : { authorities: matching('authorities', authorities, PEM_FORM) }),
  };
}

function buildOf(value: Fields): MarkedBuildRequest {
  const request: MarkedBuildRequest = {
    ...builderOf(value),
    dockerfile: dockerfileOf(value),
    buildArgs: textsOf('buildArgs', value.buildArgs, BUILD_ARGS_FORM),
    bases: listOf(value, 'bases', MOST_BASES).map((base) => {
      if (!isObject(base)) throw bad('bases', base);
      const platform = base.platform === undefined ? {} : { platform: platformOf(base.platform) };
      return { name: matching('bases', base.name, IMAGE_NAME_FORM), ...platform, ...baseOf(base) };
    }),
    cache: flag(value, 'cache'),
  };
  if (value.dockerfileText !== undefined) request.dockerfileText = dockerfileTextOf(value.dockerfileText);
  if (value.labels !== undefined) request.labels = textsOf('labels', value.labels, LABELS_FORM);
  if (value.secrets !== undefined) request.secrets = textsOf('secrets', value.secrets, SECRETS_FORM);
  if (value.contexts !== undefined) request.contexts = contextsOf(value);
  if (value.sshKeys !== undefined) request.sshKeys = textsOf('sshKeys', value.sshKeys, SSH_KEYS_FORM);
  if (value.cacheWaitMs !== undefined) request.cacheWaitMs = whole(value, 'cacheWaitMs', 0, 2 ** 31 - 1);
  Object.assign(request, originOf(value));
  if (value.noCache !== undefined) request.noCache = flag(value, 'noCache');
  if (value.cacheFrom !== undefined)
    request.cacheFrom = listOf(value, 'cacheFrom', 8).map((cache) => baseOf(isObject(cache) ? cache : {}));
  if (value.cacheTo !== undefined) request.cacheTo = matching('cacheTo', value.cacheTo, /^(min|max)$/) as 'min' | 'max';
  if (value.target !== undefined) request.target = matching('target', value.target, TARGET_FORM);
  if (value.platforms !== undefined) request.platforms = platformsOf(value, 'platforms');
  if (value.stepPlatforms !== undefined) request.stepPlatforms = platformsOf(value, 'stepPlatforms');
  return request;
}

function contextsOf(value: Fields): NonNullable<BuildRequest['contexts']> {
  return listOf(value, 'contexts', 16).map((context) => {
    if (!isObject(context)) throw bad('contexts', context);
    const folder = matching('contexts', context.folder, /^named-\d{1,2}$/);
    return { name: matching('contexts', context.name, IMAGE_NAME_FORM), folder, ...originOf(context) };
  });
}

function originOf(value: Fields): FolderOrigin {
  return {
    ...(value.isFetched === undefined ? {} : { isFetched: flag(value, 'isFetched') }),
    ...(value.archive === undefined ? {} : { archive: matching('archive', value.archive, SHA256_FORM) }),
  };
}

function limitsOf(value: Fields): BuildLimits {
  const limits = isObject(value.limits) ? value.limits : {};
  return {
    ...groupLimitsOf(value),
    diskBytes: within(limits, 'diskBytes', 32 * 2 ** 20, 2 ** 50, true),
    timeoutMs: within(limits, 'timeoutMs', 1, 2 ** 31 - 1, true),
  };
}

function groupLimitsOf({ limits }: Fields): WorkRequest['limits'] {
  if (!isObject(limits)) throw bad('limits', limits);
  return {
    memoryBytes: within(limits, 'memoryBytes', 16 * 2 ** 20, 2 ** 50, true),
    cpus: within(limits, 'cpus', 0.01, 4096, false),
    pids: within(limits, 'pids', 16, 4_194_304, true),
  };
}

function spaceSizeOf(value: Fields): { sizeBytes: number; files: number } {
  return { sizeBytes: whole(value, 'sizeBytes', 1, 2 ** 50), files: whole(value, 'files', 16, 2 ** 30) };
}

function buildIdOf(value: Fields): string {
  return matching('buildId', value.buildId, BUILD_ID_FORM);
}

function baseOf(value: Fields): BaseRef {
  return { scope: matching('scope', value.scope, ID_FORM), digest: matching('digest', value.digest, DIGEST_FORM) };
}

/** Syntax only; the context itself is checked later, for a path that ends outside it. */
function dockerfileOf(value: Fields): string {
  const path = value.dockerfile;
  if (typeof path !== 'string' || path.length === 0 || path.length > 1024) throw bad('dockerfile', path);
  const parts = path.split('/');
  if (/[\0\\\n]/.test(path) || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw bad('dockerfile', path);
  }
  return path;
}

function dockerfileTextOf(given: unknown): string {
  if (typeof given !== 'string' || given.length > 2 * 2 ** 20) throw bad('dockerfileText', '(its value)');
  return given;
}

function platformsOf(value: Fields, name: string): string[] {
  return [...new Set(listOf(value, name, PLATFORMS.length).map(platformOf))];
}

function platformOf(given: unknown): string {
  const platform = PLATFORMS.find((each) => each === given);
  if (platform !== undefined) return platform;
  throw new RefusedRequest(
    'platform',
    `${JSON.stringify(given)} is not a platform that can be built: ${PLATFORMS.join(', ')}`,
  );
}
