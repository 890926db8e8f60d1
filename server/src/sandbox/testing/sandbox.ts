import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BuilderProgress } from '#runner/output/builder-progress.ts';
import { listLoopFiles } from '../box/box.ts';
import { findCgroupRoots, listCgroupIds } from '../box/cgroup.ts';
import { type BuildCallbacks, openSandbox, type Sandbox } from '../client/sandbox.ts';
import { type HelperOptions, type StartedHelper, startHelper } from '../client/start-helper.ts';
import type { BuildOutcome } from '../protocol/reply.ts';
import type { BuildRequest, LoadRequest, NamedBase } from '../protocol/request.ts';
import { type Busybox, type Packing, writeBusyboxImage } from './busybox-image.ts';

/** Why the sandbox cannot be tested here, for the test runner's `skip`; false if it can. */
export const skipReason: string | false =
  process.getuid?.() === 0 ? false : 'the sandbox helper needs root, and this user is not';

/** Why the slow cases do not run; false if they do. */
export const skipLongReason: string | false =
  skipReason || (process.env.SLIPWAY_TEST_LONG === '1' ? false : 'set SLIPWAY_TEST_LONG=1 to run it');

/** What a build printed and how it ended. */
export interface BuildResult {
  outcome: BuildOutcome;
  output: string;
}

/** A helper with a data folder of its own and the busybox base loaded, for one test file. */
export interface SandboxUnderTest {
  dataFolder: string;
  helper: StartedHelper;
  sandbox: Sandbox;
  base: NamedBase;
  /** A build with an id of its own that uses the base; writes its context first. */
  prepare(files: Record<string, string>, options?: Partial<BuildRequest>): BuildRequest;
  build(files: Record<string, string>, options?: Partial<BuildRequest>, signal?: AbortSignal): Promise<BuildResult>;
  /** What is left of sandboxes: processes, mounts, loop devices, control groups, folders. Empty is good. */
  leftovers(): string[];
  close(): Promise<void>;
}

/** An address of this machine that others reach; undefined if it has loopback only. */
export const hostAddress: string | undefined = Object.values(networkInterfaces())
  .flat()
  .find((entry) => entry?.family === 'IPv4' && !entry.internal)?.address;

/** The id that owns DATA/work in tests. The box's ids cannot read its files, as they cannot read a server's. */
export const TEST_OWNER = { uid: 64_123, gid: 64_123 };

const BASE_NAME = 'docker.io/library/busybox:latest';

/** Starts it. Call `close` also after a failure: it ends the helper and removes the data folder. */
export async function startSandboxUnderTest(
  options: Partial<HelperOptions> = {},
  givenFolder?: string,
): Promise<SandboxUnderTest> {
  const dataFolder = givenFolder ?? mkdtempSync(join(tmpdir(), 'slipway-sandbox-'));
  chmodSync(dataFolder, 0o755);
  mkdirSync(join(dataFolder, 'work'));
  const socketPath = join(dataFolder, 'helper.sock');
  const helper = await startHelper({
    dataFolder,
    socketPath,
    ownerUid: TEST_OWNER.uid,
    ownerGid: TEST_OWNER.gid,
    ...options,
  }).catch((error: unknown) => {
    rmSync(dataFolder, { recursive: true, force: true });
    throw error;
  });
  const close = async (): Promise<void> => {
    await helper.close();
    rmSync(dataFolder, { recursive: true, force: true });
  };
  try {
    const sandbox = openSandbox(socketPath);
    const base = await loadBusybox(sandbox, dataFolder);
    const prepare = (files: Record<string, string>, changes: Partial<BuildRequest> = {}): BuildRequest => {
      const request = { ...plainBuild(base), ...changes };
      writeContext(join(dataFolder, 'work', request.buildId, 'context'), files);
      return request;
    };
    return {
      dataFolder,
      helper,
      sandbox,
      base,
      prepare,
      build: (files, changes, signal) => runToEnd(sandbox, prepare(files, changes), signal),
      leftovers: () => listLeftovers(dataFolder),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs a build and keeps its output. */
export async function runToEnd(sandbox: Sandbox, request: BuildRequest, signal?: AbortSignal): Promise<BuildResult> {
  let output = '';
  const reader = readOutput((text) => {
    output += text;
  });
  const outcome = await sandbox.runBuild(request, { ...reader, signal: signal ?? new AbortController().signal });
  return { outcome, output };
}

/** What a build prints as text: the line that begins a step, what the step prints, and the builder's own lines. */
export function readOutput(
  onText: (text: string) => void | Promise<void>,
): Pick<BuildCallbacks, 'onOutput' | 'onStep' | 'onLine' | 'onAgain'> {
  const onLine = async (line: string) => onText(`${line}\n`);
  const onStep = async (_: number, bytes: Buffer) => onText(bytes.toString());
  const open = () =>
    new BuilderProgress([], {
      begin: (_, line) => onLine(line),
      output: onStep,
      restart: async () => undefined,
      opened: async () => undefined,
      end: async () => undefined,
      say: onLine,
    });
  let progress = open();
  const onAgain = (line: string) => {
    progress = open();
    return onLine(line);
  };
  return { onOutput: (chunk, streams) => progress.write(chunk, streams), onStep, onLine, onAgain };
}

/** Loads the busybox image, with `config` in its image configuration; Dockerfiles know it by `name`. */
export async function loadBusybox(
  sandbox: Sandbox,
  dataFolder: string,
  config: object = {},
  name = BASE_NAME,
  busybox?: Busybox,
  packing: Packing = 'gzip',
): Promise<NamedBase> {
  const load = prepareBase(dataFolder, (folder) => writeBusyboxImage(folder, config, busybox, packing));
  await sandbox.loadBase(load, { signal: new AbortController().signal });
  await sandbox.cleanUp(load.buildId);
  return { name, scope: load.scope, digest: load.digest };
}

/** Puts an image where `loadBase` expects it. */
export function prepareBase(dataFolder: string, write: (folder: string) => string): LoadRequest {
  const buildId = randomUUID();
  const made = join(dataFolder, 'work', buildId, 'bases', 'made');
  const digest = write(made);
  renameSync(made, join(dirname(made), digest.slice('sha256:'.length)));
  const base = { scope: 'test', digest };
  return { buildId, ...base };
}

/** A build of the base with limits that suit a test. */
export function plainBuild(base: NamedBase): BuildRequest {
  return {
    buildId: randomUUID(),
    repositoryId: `repository-${randomUUID()}`,
    dockerfile: 'Dockerfile',
    buildArgs: {},
    bases: [base],
    cache: true,
    limits: { memoryBytes: 512 * 2 ** 20, cpus: 2, pids: 256, diskBytes: 512 * 2 ** 20, timeoutMs: 60_000 },
    egress: 'none',
  };
}

/** Writes a source, each file with mode 0600. */
export function writeContext(folder: string, files: Record<string, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { mode: 0o600 });
  }
}

/** What is left of the sandboxes of a data folder. */
export function listLeftovers(dataFolder: string): string[] {
  const found = listSandboxProcesses(dataFolder).map(({ pid, command }) => `process ${pid} ${command}`);
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  const space = `/run/slipway-work/${hashOf(dataFolder)}/`;
  const ours = mounts.filter((line) => [dataFolder, ' /run/slipway ', space].some((part) => line.includes(part)));
  found.push(...ours.map((line) => `mount ${line}`));
  const loopFiles = listLoopFiles().filter((file) => file.startsWith(dataFolder));
  found.push(...loopFiles.map((file) => `loop device on ${file}`));
  found.push(...listCgroupIds(findCgroupRoots(), prefixOf(dataFolder)).map((id) => `control group ${id}`));
  for (const folder of [join(dataFolder, 'sandbox', 'run'), join(dataFolder, 'sandbox', 'spaces'), space])
    if (existsSync(folder)) found.push(...readdirSync(folder).map((name) => `folder ${join(folder, name)}`));
  return found;
}

/** Whether the data folder's own control groups exist: from the first build of a helper to its end. */
export function hasOwnGroups(dataFolder: string): boolean {
  return findCgroupRoots().all.some((root) => existsSync(join(root, prefixOf(dataFolder))));
}

/**
 * The processes of a data folder's sandboxes, by the control groups that each of them is in. One that has ended has no
 * memory, file or group any more: it keeps its number until its parent, perhaps the machine's first process, asks how it
 * ended.
 */
export function listSandboxProcesses(dataFolder: string): { pid: number; name: string; command: string }[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && readProcess(pid, 'cgroup').includes(`/${prefixOf(dataFolder)}/`))
    .filter((pid) => !readProcess(pid, 'statm').startsWith('0 '))
    .map((pid) => ({
      pid: Number(pid),
      name: readProcess(pid, 'comm').trim(),
      command: readProcess(pid, 'cmdline').replaceAll('\0', ' '),
    }));
}

/** A keeper's child is its helper, a server's its keeper. */
export function childOf(pid: number | undefined): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? undefined : Number(children.split(' ')[0]);
}

/** Waits until nothing is left, up to two minutes, and returns what still is. */
export async function waitForNothingLeft(dataFolder: string): Promise<string[]> {
  let found = listLeftovers(dataFolder);
  for (let attempt = 0; attempt < 2400 && found.length > 0; attempt += 1) {
    await sleep(50);
    found = listLeftovers(dataFolder);
  }
  return found;
}

/** The helper's own naming of its control groups. */
function prefixOf(dataFolder: string): string {
  return `slipway/${hashOf(dataFolder)}`;
}

function hashOf(dataFolder: string): string {
  return createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
}

function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
}
