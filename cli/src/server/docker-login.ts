import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/** A user name and password for the registry at a `host:port`. */
export interface DockerLogin {
  readonly host: string;
  readonly user: string;
  readonly password: string;
}

/** The logins in `~/.docker/config.json`; other fields are kept. */
interface DockerConfig {
  auths?: Record<string, object>;
  credsStore?: string;
  credHelpers?: Record<string, string>;
}

/** Docker asks the program `docker-credential-slipway` for our logins. */
export const OWN_HELPER = 'slipway';

/**
 * Stores a login where `docker login` would: in the credential store that docker's settings name for the host, or else
 * in the settings themselves, which podman, skopeo, crane, oras and helm read too. Returns where it is stored. Throws
 * `CliError`.
 */
export function storeDockerLogin(configFile: string, login: DockerLogin): string {
  const config = readConfig(configFile);
  const store = config.credHelpers?.[login.host] ?? config.credsStore;
  if (store === OWN_HELPER)
    throw new CliError(
      EXIT_CODES.usage,
      `docker asks docker-credential-slipway for ${login.host}, as ${configFile} says: no login is needed`,
    );
  if (store !== undefined) return storeByHelper(store, login);
  const auth = Buffer.from(`${login.user}:${login.password}`).toString('base64');
  writeConfig(configFile, { ...config, auths: { ...config.auths, [login.host]: { auth } } });
  return configFile;
}

/**
 * Makes docker ask `docker-credential-slipway` for a host from now on, and removes the login that was stored for it.
 */
export function useOwnHelper(configFile: string, host: string): void {
  const config = readConfig(configFile);
  const { [host]: _, ...auths } = config.auths ?? {};
  writeConfig(configFile, { ...config, auths, credHelpers: { ...config.credHelpers, [host]: OWN_HELPER } });
}

function readConfig(file: string): DockerConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new CliError(EXIT_CODES.machine, `docker's settings ${file} cannot be read (${code})`, { cause: error });
  }
  let config: unknown;
  try {
    config = text.trim() === '' ? {} : JSON.parse(text);
  } catch (cause) {
    throw new CliError(EXIT_CODES.usage, `docker's settings ${file} are not JSON; correct the file first`, { cause });
  }
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config;
  throw new CliError(EXIT_CODES.usage, `docker's settings ${file} are not a JSON object; correct the file first`);
}

/** Other programs never see half a file, and a link to it stays a link. */
function writeConfig(file: string, config: DockerConfig): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const target = realPathOf(file);
    const draft = `${target}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(config, undefined, '\t')}\n`, { mode: 0o600 });
    chmodSync(draft, 0o600);
    renameSync(draft, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(EXIT_CODES.machine, `docker's settings ${file} cannot be written (${code})`, { cause: error });
  }
}

function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return file;
    throw error;
  }
}

function storeByHelper(store: string, { host, user, password }: DockerLogin): string {
  const program = `docker-credential-${store}`;
  const input = JSON.stringify({ ServerURL: host, Username: user, Secret: password });
  const { error, status, stdout } = spawnSync(program, ['store'], { input, encoding: 'utf8' });
  // A program that ends without reading the login has printed why.
  if (error && status === null) {
    const why = (error as NodeJS.ErrnoException).code ?? error.message;
    throw new CliError(EXIT_CODES.machine, `docker stores logins with ${program}, which cannot be started (${why})`);
  }
  if (status !== 0) {
    const why = stdout.trim().slice(0, 500);
    throw new CliError(EXIT_CODES.machine, `docker stores logins with ${program}, which ended with ${status}: ${why}`);
  }
  return program;
}
