import { chmodSync, copyFileSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeSurroundings } from '../box/surroundings.ts';
import { emulatorFormats } from '../builder/emulators.ts';
import { makeFolder } from '../folder/make-folder.ts';
import type { BuildRequest, NamedBase } from '../protocol/request.ts';
import { basePath } from '../store/base-limit.ts';
import { writeBaseIndex } from '../store/image-layout.ts';
import { setOtherTime } from '../times/source-times.ts';
import type { ReadySource } from './ready-source.ts';

/** How to start the builder in a box. */
export interface BuilderCommand {
  args: string[];
  environment: string[];
}

/** What the builder is started with, which may be before the build is known. */
export type BuilderStart = Pick<BuildRequest, 'environment' | 'authorities'> & {
  limits: { diskBytes: number };
  stepMark: string;
  /** Whether the box has emulators at /in/emulators. */
  isEmulated?: boolean;
  /** Whether to remove cache mounts and sources from the store before the build begins. */
  isToEmpty?: boolean;
};

/** What the builder is told about a build. */
export type BuilderRequest = Pick<
  BuildRequest,
  | 'dockerfile'
  | 'dockerfileText'
  | 'buildArgs'
  | 'labels'
  | 'secrets'
  | 'sshKeys'
  | 'contexts'
  | 'noCache'
  | 'cacheFrom'
  | 'cacheTo'
  | 'target'
> & {
  bases: NamedBase[];
  platforms?: string[];
  /** Pack all layers of the image with gzip, also those of bases that are packed otherwise. */
  repack?: boolean;
};

/**
 * The builder takes images only from /bases, where the server put those that it decided on. If the builder finds
 * another name in a Dockerfile, one that the server did not find, it is refused
 * (https://docs.docker.com/build/policies/).
 */
const NO_IMAGES = { rules: [{ action: 'DENY', selector: { identifier: 'docker-image://*' } }] };
/** Build arguments that change how the builder reads or what it makes. */
const BUILDER_ARGUMENTS = new Set(['BUILDKIT_SYNTAX', 'BUILDKIT_MULTI_PLATFORM']);
const LARGEST_IGNORED_BYTES = 2 ** 20;
/** How much of a store its layers may keep; the rest is for the running build. */
const KEPT_SHARE = 0.6;

/** Writes what the builder starts from into the box's /in: its scripts and its settings. Returns the command. */
export function writeBuilderInput(folder: string, start: BuilderStart): BuilderCommand {
  copyScript('inside-build.sh', `${folder}/inside-build`);
  copyScript('step-runtime.sh', `${folder}/bin/runc`);
  writeFileSync(`${folder}/daemon.json`, JSON.stringify(daemonSettings(start.limits.diskBytes)), { mode: 0o644 });
  writeFileSync(`${folder}/source-policy.json`, JSON.stringify(NO_IMAGES), { mode: 0o644 });
  writeFileSync(`${folder}/step-mark`, `${start.stepMark}\n`, { mode: 0o644 });
  if (start.isToEmpty) writeFileSync(`${folder}/empty`, '', { mode: 0o644 });
  if (start.isEmulated) writeFormats(`${folder}/formats`);
  return { args: ['/bin/sh', '/in/inside-build'], environment: writeSurroundings(folder, start) };
}

/**
 * Writes what the builder is told about a build into the box's /in, before the box is given its contents: the name and
 * the arguments of its client, and the Dockerfile if it is not in the source. The bases are those that the box has at
 * /bases, in the same order.
 */
export function writeBuildInput(
  folder: string,
  source: Pick<ReadySource, 'context' | 'times'>,
  build: BuilderRequest,
): void {
  const dockerfile = dockerfileOf(folder, source, build);
  const args = [...baseArguments(folder, build.bases), ...buildArguments(build, dockerfile)];
  if (source.times) writeFileSync(`${folder}/client`, source.times.client, { mode: 0o644 });
  const quoted = args.map((argument) => `'${argument.replaceAll("'", "'\\''")}'`);
  writeFileSync(`${folder}/arguments`, `set -- ${quoted.join(' ')}\n`, { mode: 0o644 });
}

function copyScript(name: string, target: string): void {
  makeFolder(dirname(target), 0o755);
  copyFileSync(join(import.meta.dirname, name), target);
  chmodSync(target, 0o755);
}

/** https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file */
function daemonSettings(diskBytes: number): object {
  return {
    'log-level': 'warn',
    'userland-proxy': false,
    features: { 'containerd-snapshotter': true },
    builder: {
      gc: { enabled: true, defaultKeepStorage: `${Math.floor(diskBytes * KEPT_SHARE)}B` },
      entitlements: { 'network-host': true, 'security-insecure': false },
    },
  };
}

/** The path of the Dockerfile in the box: the one in the source, or its replacement. */
function dockerfileOf(
  folder: string,
  { context, times }: Pick<ReadySource, 'context' | 'times'>,
  { dockerfile, dockerfileText }: BuilderRequest,
): string {
  if (dockerfileText === undefined) return `/in/context/${dockerfile}`;
  const name = basename(dockerfile);
  mkdirSync(`${folder}/dockerfile`, { mode: 0o755 });
  writeFileSync(`${folder}/dockerfile/${name}`, dockerfileText, { mode: 0o644 });
  // The builder looks for it beside the Dockerfile.
  const ignored = `${context}/${dockerfile}.dockerignore`;
  const stats = lstatSync(ignored, { throwIfNoEntry: false });
  if (stats?.isFile() && stats.size <= LARGEST_IGNORED_BYTES)
    copyFileSync(ignored, `${folder}/dockerfile/${name}.dockerignore`);
  if (times)
    for (const file of readdirSync(`${folder}/dockerfile`)) setOtherTime(`${folder}/dockerfile/${file}`, times);
  return `/in/dockerfile/${name}`;
}

/** The box's secrets in memory at /secrets, by file name. */
export function secretFiles({ secrets, sshKeys }: Pick<BuilderRequest, 'secrets' | 'sshKeys'>): Record<string, string> {
  const keys = Object.entries(sshKeys ?? {}).map(([id, key]) => [sshKeyFile(id), key]);
  return { ...secrets, ...Object.fromEntries(keys) };
}

/** No secret can have this id. */
function sshKeyFile(id: string): string {
  return `_ssh.${id}`;
}

function writeFormats(folder: string): void {
  mkdirSync(folder, { mode: 0o755 });
  for (const [name, format] of Object.entries(emulatorFormats('/in/emulators')))
    writeFileSync(`${folder}/${name}`, format, { mode: 0o644 });
}

/** One name may have an image for each of several platforms: the builder takes them as an index. */
function baseArguments(folder: string, bases: readonly NamedBase[]): string[] {
  const layouts = bases.map((base, at) => ({ ...base, folder: basePath(base), seenAt: `/bases/${at}` }));
  const byName = Map.groupBy(layouts, ({ name }) => name);
  return [...byName].flatMap(([name, named], at) => {
    const [first] = named;
    const isOne = named.every(({ digest }) => digest === first?.digest);
    const digest = isOne ? first?.digest : writeBaseIndex(`${folder}/indexes/${at}`, named);
    return ['--build-context', `${name}=oci-layout://${isOne ? first?.seenAt : `/in/indexes/${at}`}@${digest}`];
  });
}

/**
 * `--network host` is the box's own network. Docker's media types keep what OCI's cannot express, such as HEALTHCHECK.
 */
function buildArguments(build: BuilderRequest, dockerfile: string): string[] {
  const args = ['--network=host', '--provenance=false', '--sbom=false'];
  // A build with its source's time should produce the same image again; the files' own times would prevent that.
  const rewrite = build.buildArgs.SOURCE_DATE_EPOCH === undefined ? '' : ',rewrite-timestamp=true';
  const packing = build.repack ? ',compression=gzip,force-compression=true' : '';
  args.push('--output', `type=oci,tar=false,oci-mediatypes=false${rewrite}${packing},dest=/out/img`);
  if (build.platforms !== undefined && build.platforms.length > 0) args.push('--platform', build.platforms.join(','));
  for (const [at, { digest }] of (build.cacheFrom ?? []).entries())
    args.push('--cache-from', `type=local,src=/bases/${build.bases.length + at},digest=${digest}`);
  // Registries and their clients know an image manifest. A cache that cannot be written is no reason to fail.
  if (build.cacheTo !== undefined)
    args.push(
      '--cache-to',
      `type=local,dest=/out/cache,mode=${build.cacheTo},image-manifest=true,oci-mediatypes=true,ignore-error=true`,
    );
  for (const { name, folder } of build.contexts ?? []) args.push('--build-context', `${name}=/in/${folder}`);
  const given = Object.entries(build.buildArgs).filter(([name]) => !BUILDER_ARGUMENTS.has(name));
  for (const [name, value] of given) args.push('--build-arg', `${name}=${value}`);
  for (const [name, value] of Object.entries(build.labels ?? {})) args.push('--label', `${name}=${value}`);
  for (const id of Object.keys(build.secrets ?? {})) args.push('--secret', `id=${id},src=/secrets/${id}`);
  for (const id of Object.keys(build.sshKeys ?? {})) args.push('--ssh', `${id}=/secrets/${sshKeyFile(id)}`);
  if (build.noCache) args.push('--no-cache');
  if (build.target !== undefined) args.push('--target', build.target);
  return [...args, '-f', dockerfile, '/in/context'];
}
