import { readPlatforms } from '#platform/platform.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import type { NewBuild, BuildOptions as OptionFields, ShownBuildOptions } from '#rpc/native-types.gen.ts';
import type { BuildOptions, CacheTo } from '../build-options.ts';
import { contextFields, parseContexts } from './build-context.ts';
import { type GivenSecrets, parseSecrets, parseSshKeys } from './given-secrets.ts';

/** One option: its field in the API, and how to parse its value. The native gateway has checked types and list lengths. */
type BuildOption<Value> = { [Field in keyof GivenOptions]-?: FieldOption<Field, Value> }[keyof GivenOptions];

interface FieldOption<Field extends keyof GivenOptions, Value> {
  /** The field's name. Secret fields have values in a request and ids in a reply. */
  field: Field;
  /** Returns undefined if the value has no effect. Throws `InvalidParameter` that names the field. */
  parse(given: NonNullable<GivenOptions[Field]>, field: string): Value | undefined;
}

/** The fields of a request that hold options. */
type GivenOptions = OptionFields & Pick<NewBuild, 'Secrets' | 'SshKeys' | 'BuildContexts'>;

type BuildOptionTable = { [Name in keyof BuildOptions]-?: BuildOption<NonNullable<BuildOptions[Name]>> };

/** HOST/NAMESPACE/NAME:TAG or NAMESPACE/NAME:TAG. The build checks that the registry is this one. */
const CACHE_NAME = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,300}$/;
const LABELS_LIMIT = 100;
const LABEL_NAME_LIMIT = 255;
const LABEL_VALUE_LIMIT = 4096;

/**
 * All options. To add one: add a row here and a field of `BuildOptions` in `spec/native.json`; pass it to the sandbox in
 * `runner/stages/run-build-job.ts`, check it again in the sandbox's `request.ts`, turn it into the builder's argument in
 * `builder-input.ts`, and add its flag in `cli/src/build/build-flags.ts`.
 */
export const BUILD_OPTIONS: BuildOptionTable = {
  target: { field: 'Target', parse: parseTarget },
  platforms: { field: 'Platforms', parse: parsePlatforms },
  noCache: { field: 'NoCache', parse: (given) => given || undefined },
  pull: { field: 'Pull', parse: (given) => given || undefined },
  labels: { field: 'Labels', parse: parseLabels },
  secretIds: { field: 'Secrets', parse: (given, field) => idsOf(parseSecrets(given, field)) },
  sshIds: { field: 'SshKeys', parse: (given, field) => idsOf(parseSshKeys(given, field)) },
  cacheFrom: { field: 'CacheFrom', parse: parseCacheFrom },
  cacheTo: { field: 'CacheTo', parse: parseCacheTo },
  contexts: { field: 'BuildContexts', parse: parseContexts },
};

/** Parses the options in a request. Throws `InvalidParameter` that names the field. */
export function parseBuildOptions(fields: GivenOptions): BuildOptions {
  const read = optionRows().map(([name, option]) => [name, parseField(option, fields)] as const);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

function parseField<Field extends keyof GivenOptions>(option: FieldOption<Field, unknown>, fields: GivenOptions) {
  const given = fields[option.field];
  return given === undefined || given === null ? undefined : option.parse(given, option.field);
}

/** Parses the secrets in a request. Throws `InvalidParameter` that names the field. */
export function parseGivenSecrets({ Secrets = {}, SshKeys = {} }: GivenOptions): GivenSecrets {
  return { secrets: parseSecrets(Secrets, 'Secrets'), sshKeys: parseSshKeys(SshKeys, 'SshKeys') };
}

/** The options, as the API shows them, each under its field. */
export function buildOptionFields(options: BuildOptions): ShownBuildOptions {
  const contexts = options.contexts && contextFields(options.contexts);
  const values: Record<string, unknown> = { ...options, contexts };
  const shown = optionRows().map(([name, { field }]) => [field, values[name]] as const);
  return Object.fromEntries(shown.filter(([, value]) => value !== undefined)) as ShownBuildOptions;
}

function optionRows() {
  return Object.entries(BUILD_OPTIONS) as [keyof BuildOptions, BuildOption<unknown>][];
}

/** A stage name that the builder accepts. */
function parseTarget(given: string, field: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(given)) return given;
  throw invalidParameter(
    field,
    `${shown(given)} is not the name of a stage: a letter or digit, followed by up to 127 letters, digits, dots, dashes and underscores`,
  );
}

function parsePlatforms(given: readonly string[], field: string): string[] | undefined {
  const read = readPlatforms(given);
  if ('mistake' in read) throw invalidParameter(field, read.mistake);
  return read.platforms.length === 0 ? undefined : read.platforms;
}

function idsOf(values: Record<string, string>): string[] | undefined {
  const ids = Object.keys(values);
  return ids.length === 0 ? undefined : ids;
}

function parseLabels(given: Readonly<Record<string, string>>, field: string): Record<string, string> | undefined {
  const labels = Object.entries(given);
  if (labels.length > LABELS_LIMIT)
    throw invalidParameter(field, `${labels.length} labels; ${LABELS_LIMIT} is the limit`);
  for (const [name, value] of labels) {
    if (name === '' || name.length > LABEL_NAME_LIMIT || /[\p{Cc}=]/u.test(name) || !name.isWellFormed())
      throw invalidParameter(
        field,
        `${shown(name)} is not the name of a label: use 1 to ${LABEL_NAME_LIMIT} characters without "=" and control characters`,
      );
    if (value.length > LABEL_VALUE_LIMIT || value.includes('\0') || !value.isWellFormed())
      throw invalidParameter(`${field}.${name}`, `its value is not a text of at most ${LABEL_VALUE_LIMIT} characters`);
  }
  return labels.length === 0 ? undefined : Object.fromEntries(labels);
}

function parseCacheFrom(given: readonly string[], field: string): string[] | undefined {
  return given.length === 0 ? undefined : given.map((name) => parseCacheName(name, field));
}

function parseCacheTo({ Reference, Mode = 'min' }: NonNullable<NewBuild['CacheTo']>, field: string): CacheTo {
  return { Reference: parseCacheName(Reference, field), Mode };
}

function parseCacheName(given: string, field: string): string {
  if (CACHE_NAME.test(given) && given.includes('/')) return given;
  throw invalidParameter(field, `${shown(given)} is not the name of a cache: NAMESPACE/NAME:TAG of this registry`);
}

function shown(given: string): string {
  return JSON.stringify(given).slice(0, 200);
}
