import { homedir } from 'node:os';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { readFlagFields } from '../input/flag-fields.ts';
import { readGivenFile } from '../input/given-file.ts';

/** The variables of the environment. */
type Variables = (name: string) => string | undefined;

/**
 * The values of `--secret id=ID[,src=FILE|,env=NAME]`, by id. As in `docker build`, an id alone is an environment
 * variable of that name, or else a file. Throws `CliError`.
 */
export function readSecrets(given: readonly string[], variableOf: Variables): Record<string, string> {
  return byId(given.map((text) => readSecret(text, variableOf)));
}

/** The keys of `--ssh ID=KEYFILE`, by id. Throws `CliError`. */
export function readSshKeys(given: readonly string[]): Record<string, string> {
  return byId(given.map(readSshKey));
}

function readSecret(text: string, variableOf: Variables): [id: string, value: string] {
  const { id, type, env, ...files } = readFlagFields(text, ['id', 'src', 'source', 'env', 'type']);
  const file = files.src ?? files.source;
  if (id === undefined || id === '')
    throw mistake(`${JSON.stringify(text)} has no id; write id=ID,src=FILE or id=ID,env=NAME`);
  if (type !== undefined && type !== 'file' && type !== 'env')
    throw mistake(`the type ${JSON.stringify(type)} is neither file nor env`);
  if (file !== undefined && env !== undefined)
    throw mistake(`${JSON.stringify(text)} names both a file and a variable`);
  const isVariable = type === 'env' || (type === undefined && file === undefined && variableOf(id) !== undefined);
  const variable = env ?? (isVariable ? (file ?? id) : undefined);
  if (variable === undefined) return [id, readGivenFile(file ?? id, 'file')];
  const value = variableOf(variable);
  if (value === undefined) throw mistake(`the environment variable ${variable} is not set`);
  return [id, value];
}

function readSshKey(text: string): [id: string, key: string] {
  const at = text.indexOf('=');
  const [id, file] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  if (file === '')
    throw mistake(
      `the build runs on a server, which cannot use the SSH agent of this machine; name a key without a passphrase: --ssh ${id || 'default'}=KEYFILE`,
    );
  if (file.includes(','))
    throw mistake(`${JSON.stringify(file)} names several keys; give each its own id: --ssh ID=KEYFILE`);
  return [id, readGivenFile(file.replace(/^~(?=\/)/, homedir()), 'key')];
}

function byId(values: readonly [id: string, value: string][]): Record<string, string> {
  const ids = values.map(([id]) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw mistake(`the id ${JSON.stringify(twice)} is given twice`);
  return Object.fromEntries(values);
}

function mistake(message: string): CliError {
  return new CliError(EXIT_CODES.usage, message);
}
