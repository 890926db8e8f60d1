import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { copyCode } from './copy-code.ts';
import { installPlaces, SERVICE } from './install-places.ts';
import { serviceUnit } from './service-unit.ts';
import { hasSystemd, runTool, type Step } from './step.ts';

/** Options of an installation. */
export interface InstallOptions {
  /** The folder that everything goes below; `/` for this machine itself. */
  readonly root: string;
  /** The folder that is installed. */
  readonly checkout: string;
}

/**
 * What `slipway install` does: a copy of the code beside the one that runs, a link that is switched at once, settings
 * where there are none, and a service. The version that ran before stays until the next installation.
 */
export function installSteps({ root, checkout }: InstallOptions): Step[] {
  const isHere = root === '/';
  const places = installPlaces(root);
  const own = installPlaces('/');
  const former = versionOf(places.current);
  const version = freeName(places.versions, versionOfCode(checkout));
  const target = join(places.versions, version);
  const steps: Step[] = [
    { text: `copy ${checkout} to ${target}`, act: () => copyCode(checkout, target) },
    { text: `link ${places.current} to ${version}`, act: () => link(places.current, version) },
    {
      text: `link ${places.command} to ${own.current}/slipway`,
      act: () => linkCommand(places.command, join(own.current, 'slipway')),
    },
    {
      text: `make ${places.state} for data and the builder`,
      act: () => void mkdirSync(places.state, { recursive: true, mode: 0o755 }),
    },
  ];
  if (!existsSync(places.settingsFile))
    steps.push({ text: `write ${places.settingsFile}`, act: () => writeSettings(places.settingsFile, own.state) });
  steps.push({
    text: `write ${places.unit}`,
    act: () => {
      const drainSeconds = drainSecondsOf(places.settingsFile);
      writeWhole(places.unit, serviceUnit({ code: own.current, config: own.settingsFile, drainSeconds }));
    },
  });
  if (isHere && hasSystemd())
    steps.push({
      text: `start ${SERVICE}.service, now and with the machine`,
      act: () => {
        runTool('systemctl', ['daemon-reload']);
        runTool('systemctl', ['enable', '--quiet', SERVICE]);
        // Ends when the server is ready, or with an error if it could not start.
        runTool('systemctl', ['restart', SERVICE], { why: `journalctl -u ${SERVICE} shows why` });
      },
    });
  for (const old of oldVersions(places.versions, [former, version]))
    steps.push({ text: `remove ${old}, an earlier version`, act: () => rmSync(old, { recursive: true, force: true }) });
  return steps;
}

function versionOfCode(checkout: string): string {
  const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** `0.1.0`, or `0.1.0-2` if that is there: a running version is never changed. */
function freeName(versions: string, version: string): string {
  for (let at = 1; ; at++) {
    const name = at === 1 ? version : `${version}-${at}`;
    if (!existsSync(join(versions, name))) return name;
  }
}

/** The name that the link has now; undefined if there is none. */
function versionOf(current: string): string | undefined {
  return lstatSync(current, { throwIfNoEntry: false })?.isSymbolicLink() === true
    ? basename(readlinkSync(current))
    : undefined;
}

function oldVersions(versions: string, kept: readonly (string | undefined)[]): string[] {
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .filter((name) => name !== 'current' && !kept.includes(name))
    .map((name) => join(versions, name));
}

/** Replaces a link in one step: at no moment is it missing. */
function link(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.partial`;
  rmSync(partial, { force: true });
  symlinkSync(target, partial);
  renameSync(partial, path);
}

function linkCommand(path: string, target: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isSymbolicLink())
    throw new CliError(EXIT_CODES.machine, `${path} is not a link of slipway install; move it away, and install again`);
  link(path, target);
}

function writeSettings(file: string, state: string): void {
  writeWhole(file, `${JSON.stringify({ data: join(state, 'data'), listen: '127.0.0.1:8720' }, null, 2)}\n`);
}

const DEFAULT_DRAIN_SECONDS = 30;

/** The setting, or its default if the file does not have it as a number. What is wrong with the file, the server says at its start. */
function drainSecondsOf(settingsFile: string): number {
  const found = /"drain-seconds"\s*:\s*"?(\d{1,5})\b/.exec(readFileSync(settingsFile, 'utf8'))?.[1];
  return found === undefined ? DEFAULT_DRAIN_SECONDS : Number(found);
}

function writeWhole(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.partial`, content, { mode: 0o644 });
  renameSync(`${file}.partial`, file);
}
