import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { type FailedFetch, isNotAvailable } from './not-available.ts';
import pins from './pins.json' with { type: 'json' };

/** Where built and fetched programs are kept, each under the hash of what it was made from. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'slipway-clients');
/** The Go version that the newest of the pinned programs needs. */
const GO_MINOR = 26;
const BUILD_LIMIT_MS = 30 * 60_000;
/** Maven has no limit for a repository that takes connections and does not answer. */
const DOWNLOAD_LIMIT_MS = 5 * 60_000;
const ANSWER_LIMIT_MS = 60_000;
/** Two attempts. */
const MAVEN_WAITS = [
  '-Daether.connector.connectTimeout=30000',
  '-Daether.connector.requestTimeout=30000',
  '-Daether.connector.http.retryHandler.count=1',
  '-Dmaven.wagon.http.retryHandler.count=1',
];
/** Four attempts. */
const PIP_WAITS = ['--timeout', '15', '--retries', '3'];

/** A program that cannot be downloaded here; other pinned programs may still be available. */
class NotToBeHad extends Error {}

/** The path of a pinned Go program, built if necessary; undefined if the test was skipped with the reason. */
export function goProgram(t: TestContext, name: keyof typeof pins.go): Promise<string | undefined> {
  return orSkip(t, name, async () => {
    const place = await kept(['go', pins.go[name]], async (folder) => {
      await go(['install', pins.go[name]], { GOBIN: folder });
    });
    return join(place, name);
  });
}

/** The path of a pinned Go program whose module replaces or excludes others, which `go install` refuses; undefined as above. */
export function goModuleProgram(t: TestContext, name: keyof typeof pins.goPrograms): Promise<string | undefined> {
  return orSkip(t, name, async () => {
    const { package: program, require, replace } = pins.goPrograms[name];
    const lines = [`require ${require}\n`, ...replace.map((rule) => `replace ${rule}\n`)];
    const place = await kept(['go program', program, ...lines], async (made) => {
      writeFileSync(join(made, 'go.mod'), `module program\n\ngo 1.${GO_MINOR}\n\n${lines.join('')}`);
      await go(['build', '-mod=mod', '-o', name, program], {}, made);
    });
    return join(place, name);
  });
}

/**
 * The path of a program that no registry serves, from the setting `SLIPWAY_CLIENT_<NAME>`; undefined if there is none,
 * and then the test was skipped.
 */
export function givenProgram(t: TestContext, name: string): string | undefined {
  const setting = `SLIPWAY_CLIENT_${name.toUpperCase().replaceAll('-', '_')}`;
  const path = process.env[setting];
  if (path === undefined) t.skip(`no registry serves ${name}: set ${setting} to the path of the program`);
  return path;
}

/** The path of our own Go program over pinned modules: `folder` has its sources, without go.mod. */
export function goDriver(
  t: TestContext,
  name: keyof typeof pins.goModules,
  folder: string,
): Promise<string | undefined> {
  return orSkip(t, name, async () => {
    const modules = pins.goModules[name];
    const sources = sourcesOf(folder).map(([file, text]) => [file, withMajorsOf(modules, text)] as const);
    const required = Object.entries(modules).map(([path, version]) => `require ${path} ${version}\n`);
    const place = await kept(['go driver', ...required, ...sources.flat()], async (made) => {
      for (const [file, text] of sources) writeFileSync(join(made, file), text);
      writeFileSync(join(made, 'go.mod'), `module driver\n\ngo 1.21\n\n${required.join('')}`);
      await go(['mod', 'tidy'], {}, made);
      await go(['build', '-o', 'driver', '.'], {}, made);
    });
    return join(place, 'driver');
  });
}

/** `text` with each import of another major version of a module replaced by that of the one in `modules`. */
function withMajorsOf(modules: Record<string, string>, text: string): string {
  return text.replace(/"(github\.com\/[^"]+?)\/v\d+(\/[^"]*)"/g, (found, base: string, rest: string) =>
    base in modules ? `"${base}${rest}"` : found,
  );
}

/** How to start our own Java program, `Driver.java` of `folder`, over pinned artifacts; undefined as above. */
export function javaDriver(
  t: TestContext,
  name: keyof typeof pins.maven,
  folder: string,
): Promise<[string, ...string[]] | undefined> {
  return orSkip(t, name, async () => {
    for (const program of ['mvn', 'javac', 'java'])
      if (!isInstalled(program)) throw new NotToBeHad(`${program} is not installed`);
    const sources = sourcesOf(folder);
    const project = projectOf(pins.maven[name]);
    const place = await kept(['java driver', project, ...sources.flat()], async (made) => {
      writeFileSync(join(made, 'pom.xml'), project);
      await make(
        'mvn',
        ['-B', '-q', ...MAVEN_WAITS, 'dependency:copy-dependencies', '-DoutputDirectory=lib'],
        {},
        made,
        DOWNLOAD_LIMIT_MS,
      );
      for (const [file, text] of sources) writeFileSync(join(made, file), text);
      await make('javac', ['-cp', join(made, 'lib', '*'), '-d', made, ...sources.map(([file]) => file)], {}, made);
    });
    return ['java', '-cp', `${place}:${join(place, 'lib', '*')}`, 'Driver'];
  });
}

function projectOf(artifacts: Record<string, string>): string {
  const dependencies = Object.entries(artifacts).map(([artifact, version]) => {
    const [group, id] = artifact.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId><version>${version}</version></dependency>`;
  });
  const own = '<groupId>driver</groupId><artifactId>driver</artifactId><version>1</version>';
  return `<project><modelVersion>4.0.0</modelVersion>${own}<dependencies>${dependencies.join('')}</dependencies></project>\n`;
}

function sourcesOf(folder: string): [file: string, text: string][] {
  return readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
}

/** A folder for PYTHONPATH with the pinned packages; undefined if the test was skipped with the reason. */
export function pythonPackages(
  t: Pick<TestContext, 'skip'>,
  name: keyof typeof pins.python,
): Promise<string | undefined> {
  const packages = Object.entries(pins.python[name]).map(([project, version]) => `${project}==${version}`);
  return orSkip(t, packages.join(', '), () =>
    kept(['python', pythonVersion(), ...packages], async (folder) => {
      const pip = spawnSync('python3', ['-m', 'pip', '--version']);
      if (pip.status !== 0) throw new NotToBeHad('python3 has no pip');
      await make('python3', [
        '-m',
        'pip',
        'install',
        ...PIP_WAITS,
        '--quiet',
        '--no-input',
        '--target',
        folder,
        ...packages,
      ]);
    }),
  );
}

/** Whether the machine has a program; if not, skips the test with the reason. */
export function hasProgram(t: TestContext, name: string): boolean {
  const known = isInstalled(name);
  if (!known) t.skip(`${name} is not installed here`);
  return known;
}

function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

async function orSkip<Made>(
  t: Pick<TestContext, 'skip'>,
  what: string,
  act: () => Promise<Made>,
): Promise<Made | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof NotToBeHad)) throw error;
    t.skip(`${what} is not available here: ${error.message}`);
    return undefined;
  }
}

/** A folder that `fill` fills once, completely or not at all. */
async function kept(madeFrom: readonly string[], fill: (folder: string) => Promise<void>): Promise<string> {
  const place = join(CACHE, createHash('sha256').update(madeFrom.join('\0')).digest('hex').slice(0, 32));
  if (existsSync(place)) return place;
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, 'draft-'));
  try {
    await fill(draft);
    try {
      renameSync(draft, place);
    } catch (error) {
      // Another test file was faster.
      if (!existsSync(place)) throw error;
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return place;
}

async function go(args: readonly string[], env: Record<string, string>, cwd?: string): Promise<void> {
  const version = /go1\.(\d+)/.exec(spawnSync('go', ['version'], { encoding: 'utf8' }).stdout ?? '')?.[1];
  if (version === undefined) throw new NotToBeHad('Go is not installed');
  if (Number(version) < GO_MINOR) throw new NotToBeHad(`it needs Go 1.${GO_MINOR}, and this is 1.${version}`);
  await checkGoAnswers();
  return make('go', args, { GOFLAGS: '', CGO_ENABLED: '0', ...env }, cwd);
}

/** Go itself waits without an end for a module proxy that takes connections and does not answer. */
async function checkGoAnswers(): Promise<void> {
  const options = { cwd: CACHE, env: { ...process.env, GOFLAGS: '' }, timeout: ANSWER_LIMIT_MS };
  try {
    await promisify(execFile)('go', ['list', '-m', 'golang.org/x/mod@latest'], options);
  } catch (error) {
    // Other failures are those of the build that follows.
    if ((error as { killed?: boolean }).killed === true)
      throw new NotToBeHad('the proxy of Go modules did not answer within a minute');
  }
}

function pythonVersion(): string {
  return spawnSync('python3', ['-c', 'import sys; print(*sys.version_info[:2])'], { encoding: 'utf8' }).stdout ?? '';
}

interface Ended extends Pick<FailedFetch, 'killed'> {
  stdout?: string;
  stderr?: string;
  message: string;
}

async function make(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
  cwd?: string,
  limitMs = BUILD_LIMIT_MS,
): Promise<void> {
  const options = {
    env: { ...process.env, ...env },
    timeout: limitMs,
    maxBuffer: 2 ** 26,
    ...(cwd ? { cwd } : {}),
  };
  try {
    await promisify(execFile)(program, args, options);
  } catch (error) {
    const { stdout = '', stderr = '', message, killed } = error as Ended;
    // Maven reports its errors on standard output.
    const said = stderr.trim() === '' ? stdout : stderr;
    const last = said.trim().split('\n').slice(-2).join(' ') || message;
    if (isNotAvailable({ said, killed }))
      throw new NotToBeHad(killed === true ? `${program} did not end within ${limitMs / 60_000} minutes` : last);
    throw new Error(`${program} ${args.join(' ')}: ${last}`, { cause: error });
  }
}
