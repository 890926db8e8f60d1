import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
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
import pins from './pins.json' with { type: 'json' };

/** Where built and fetched programs are kept, each under the hash of what it was made from. */
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'slipway-clients');
/** The Go version that the newest of the pinned programs needs. */
const GO_MINOR = 26;
const BUILD_LIMIT_MS = 30 * 60_000;

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

/** The path of our own Go program over pinned modules: `folder` has its sources, without go.mod. */
export function goDriver(
  t: TestContext,
  name: keyof typeof pins.goModules,
  folder: string,
): Promise<string | undefined> {
  return orSkip(t, name, async () => {
    const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    const required = Object.entries(pins.goModules[name]).map(([path, version]) => `require ${path} ${version}\n`);
    const place = await kept(['go driver', ...required, ...sources], async (made) => {
      cpSync(folder, made, { recursive: true });
      writeFileSync(join(made, 'go.mod'), `module driver\n\ngo 1.21\n\n${required.join('')}`);
      await go(['mod', 'tidy'], {}, made);
      await go(['build', '-o', 'driver', '.'], {}, made);
    });
    return join(place, 'driver');
  });
}

/** A folder for PYTHONPATH with the pinned packages; undefined if the test was skipped with the reason. */
export function pythonPackages(t: TestContext): Promise<string | undefined> {
  const packages = Object.entries(pins.python).map(([name, version]) => `${name}==${version}`);
  return orSkip(t, packages.join(', '), () =>
    kept(['python', pythonVersion(), ...packages], async (folder) => {
      await make('python3', ['-m', 'pip', 'install', '--quiet', '--no-input', '--target', folder, ...packages]);
    }),
  );
}

/** Whether the machine has a program; if not, skips the test with the reason. */
export function hasProgram(t: TestContext, name: string): boolean {
  const known = spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
  if (!known) t.skip(`${name} is not installed here`);
  return known;
}

async function orSkip<Made>(t: TestContext, what: string, act: () => Promise<Made>): Promise<Made | undefined> {
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

function go(args: readonly string[], env: Record<string, string>, cwd?: string): Promise<void> {
  const version = /go1\.(\d+)/.exec(spawnSync('go', ['version'], { encoding: 'utf8' }).stdout ?? '')?.[1];
  if (version === undefined) throw new NotToBeHad('Go is not installed');
  if (Number(version) < GO_MINOR) throw new NotToBeHad(`it needs Go 1.${GO_MINOR}, and this is 1.${version}`);
  return make('go', args, { GOFLAGS: '', CGO_ENABLED: '0', ...env }, cwd);
}

function pythonVersion(): string {
  return spawnSync('python3', ['-c', 'import sys; print(*sys.version_info[:2])'], { encoding: 'utf8' }).stdout ?? '';
}

async function make(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
  cwd?: string,
): Promise<void> {
  const options = {
    env: { ...process.env, ...env },
    timeout: BUILD_LIMIT_MS,
    maxBuffer: 2 ** 26,
    ...(cwd ? { cwd } : {}),
  };
  try {
    await promisify(execFile)(program, args, options);
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    const last = stderr.trim().split('\n').slice(-2).join(' ') || message;
    if (
      /dial tcp|no such host|could not resolve|\b403 Forbidden|not found in registry|No matching distribution|i\/o timeout|connection (refused|reset|timed out)/i.test(
        stderr,
      )
    )
      throw new NotToBeHad(last);
    throw new Error(`${program} ${args.join(' ')}: ${last}`, { cause: error });
  }
}
