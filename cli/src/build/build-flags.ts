import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { type Command, Option } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { readVariable } from '../input/environment.ts';
import { readFlagFields } from '../input/flag-fields.ts';
import { readSecrets, readSshKeys } from './build-secrets.ts';

/** One flag of `slipway build` that is an option of the build, with the request field that it sets. */
interface BuildFlag {
  /** In commander's notation. */
  flags: string;
  description: string;
  field: string;
  /** The flag may be repeated and makes a list. */
  isRepeated?: true;
  /**
   * Makes the field's value; undefined leaves the field out. Throws `CliError` without the flag's name, which the
   * caller puts before it.
   */
  read(given: unknown): unknown;
}

/**
 * The build options on the command line; the server has the same ones in `server/src/build/request/option-fields.ts`.
 */
const BUILD_FLAGS: readonly BuildFlag[] = [
  { flags: '--target <stage>', description: 'build this stage instead of the last one', field: 'Target', read: same },
  {
    flags: '--platform <list>',
    description: 'platforms of the image, such as linux/amd64,linux/arm64; several make one index; may be repeated',
    field: 'Platforms',
    isRepeated: true,
    read: (given) => (given as string[]).flatMap((list) => list.split(',').map((each) => each.trim())),
  },
  {
    flags: '--no-cache',
    description: 'run every step again, and keep the results for the next build',
    field: 'NoCache',
    // Commander's name for a flag that begins with `no`.
    read: (given) => (given === false ? true : undefined),
  },
  {
    flags: '--pull',
    description: 'fail if the registry of a base image does not answer, even if the image is already here',
    field: 'Pull',
    read: same,
  },
  {
    flags: '--label <K=V>',
    description: 'set a label of the image; may be repeated',
    field: 'Labels',
    isRepeated: true,
    read: (given) => Object.fromEntries((given as string[]).map(readLabel)),
  },
  {
    flags: '--secret <spec>',
    description:
      'secret for RUN --mount=type=secret, for this build only: id=ID,src=FILE or id=ID,env=NAME; may be repeated',
    field: 'Secrets',
    isRepeated: true,
    read: (given) => readSecrets(given as string[], readVariable),
  },
  {
    flags: '--ssh <ID=KEYFILE>',
    description: 'private key for RUN --mount=type=ssh, for this build only; the usual id is default; may be repeated',
    field: 'SshKeys',
    isRepeated: true,
    read: (given) => readSshKeys(given as string[]),
  },
  {
    flags: '--cache-from <type=registry,ref=NAME>',
    description: 'use a cache from this server’s registry; may be repeated',
    field: 'CacheFrom',
    isRepeated: true,
    read: (given) => (given as string[]).map((text) => readCache(text, []).ref),
  },
  {
    flags: '--cache-to <type=registry,ref=NAME[,mode=max]>',
    description: 'push the cache of this build to this server’s registry',
    field: 'CacheTo',
    read: (given) => {
      const { ref, mode } = readCache(String(given), ['mode']);
      return { Reference: ref, Mode: mode };
    },
  },
];

/** Between a parameter's name and the reason, in a refusal of the server. */
const IS_NOT_VALID = '" is not valid: ';

/** Request fields that other flags of the command set. */
const OTHER_FIELDS: Readonly<Record<string, string>> = {
  Image: '--tag',
  Dockerfile: '--file',
  BuildArgs: '--build-arg',
  BuildContexts: '--build-context',
};

/** Adds the flags to the command. */
export function addBuildFlags(command: Command): Command {
  for (const { flags, description, isRepeated } of BUILD_FLAGS) {
    const option = new Option(flags, description);
    if (isRepeated) option.argParser((value: string, all: string[] | undefined) => [...(all ?? []), value]);
    command.addOption(option);
  }
  return command;
}

/** The request fields for the flags that commander read. Throws `CliError`, naming the flag. */
export async function readBuildFlags(options: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const { flags, field, read } of BUILD_FLAGS) {
    const given = options[new Option(flags).attributeName()];
    if (given === undefined) continue;
    try {
      fields[field] = await read(given);
    } catch (error) {
      if (error instanceof CliError) throw new CliError(error.exitCode, `${nameOf(flags)}: ${error.message}`);
      throw error;
    }
  }
  return fields;
}

/** Turns a server's refusal into a mistake of the command line, if it is about a field that a flag set. */
export function asFlagMistake(error: unknown): unknown {
  if (!(error instanceof ApiCallError) || error.code !== 'InvalidParameter') return error;
  const [said = '', field = ''] = /^The specified parameter "([A-Za-z]{1,64})/.exec(error.message) ?? [];
  const flag = BUILD_FLAGS.find((each) => each.field === field);
  const name = flag ? nameOf(flag.flags) : OTHER_FIELDS[field];
  const at = error.message.indexOf(IS_NOT_VALID, said.length);
  if (name === undefined || at < 0) return error;
  const reason = error.message.slice(at + IS_NOT_VALID.length).replace(/\.$/, '');
  return new CliError(EXIT_CODES.usage, `${name}: ${reason}`, { cause: error });
}

function nameOf(flags: string): string {
  return flags.split(' ')[0] ?? flags;
}

function same(given: unknown): unknown {
  return given;
}

/** `type=registry,ref=NAME`, or the name alone, as `docker buildx build` takes it. */
function readCache(text: string, more: readonly string[]): { ref: string; mode: string | undefined } {
  const { type, ref, mode } = readFlagFields(text, ['type', 'ref', ...more], 'ref');
  if ((type ?? 'registry') === 'registry' && ref) return { ref, mode };
  throw new CliError(
    EXIT_CODES.usage,
    `a cache must have type=registry: write type=registry,ref=NAMESPACE/NAME:TAG${more.length > 0 ? ',mode=max' : ''}`,
  );
}

/** `NAME` alone is a label without a value. */
function readLabel(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at === 0 || text === '')
    throw new CliError(EXIT_CODES.usage, `${JSON.stringify(text)} is not of the form NAME=VALUE`);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
