import { execFile } from 'node:child_process';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { isCode } from '../folder/error-code.ts';
import { watchFreeSpace } from '../folder/free-space.ts';
import { makeFolder } from '../folder/make-folder.ts';
import { changeOwner, giveSource, type Owner, removeTree, takeFromOwner } from '../folder/owner-folder.ts';
import type { WorkCounters } from '../protocol/reply.ts';
import { RefusedRequest } from '../protocol/request.ts';
import type { SpaceRequest, WorkRequest } from '../protocol/work-request.ts';
import {
  enterGroup,
  killIfThere,
  listCgroupIds,
  listProcesses,
  makeLimitedGroup,
  readCounters,
  removeCgroup,
} from './cgroup.ts';
import type { HelperState } from './helper-state.ts';
import { unmountSpace } from './unmount-space.ts';

/*
 * What the server does for a build outside its box (git, tar, skopeo) runs as the plain user, in a control group of
 * that build, PREFIX/ID-work. It writes to its spaces: file systems of a fixed size and number of files. They are ext4
 * images in DATA/sandbox/spaces/ID, mounted below /run/slipway-work/HASH/ID, where root owns each folder above them.
 * Group and spaces stay until the build's clean-up, even if this helper is killed meanwhile; the next one finds them by
 * their names.
 */

/** Where all servers of this machine have their spaces. boxinit.sh has the same path. */
const PLACE = '/run/slipway-work';

const run = promisify(execFile);

// What a file takes in addition to its bytes: the rest of its last block, and its inode.
const BYTES_PER_FILE = 4096 + 256;
const BYTES_FOR_ITSELF = 16 * 2 ** 20;

/** A folder of a space that a box sees as /in/NAME. */
export interface TakenFolder {
  name: string;
  path: string;
}

/**
 * Makes the group and the space for the source, and moves the owner's process into the group. Returns the folders that
 * the owner may write to.
 */
export async function openWork(state: HelperState, work: WorkRequest): Promise<{ source: string; bases: string }> {
  if (statSync(`/proc/${work.pid}`, { throwIfNoEntry: false })?.uid !== state.owner.uid)
    throw new RefusedRequest('no-process', `process ${work.pid} does not belong to the server`);
  makeLimitedGroup(state.roots, groupOf(state, work.buildId), work.limits);
  enterGroup(state.roots, groupOf(state, work.buildId), work.pid);
  await openSpace(state, { ...work, space: 'source' });
  const folder = folderOf(state, work.buildId);
  return { source: `${folder}/source/own`, bases: `${folder}/bases/own` };
}

/** Moves a program of the helper into the group of a build's work, if there is one, and so under its limits. */
export function enterWork(state: HelperState, buildId: string, pid: number): void {
  if (!listCgroupIds(state.roots, state.cgroupPrefix).includes(`${buildId}${SUFFIX}`)) return;
  try {
    enterGroup(state.roots, groupOf(state, buildId), pid);
  } catch (error) {
    // It has ended already.
    if (!isCode(error, 'ESRCH')) throw error;
  }
}

/** Makes and mounts one space of a build; does nothing if it exists. */
export async function openSpace(state: HelperState, { buildId, space, sizeBytes, files }: SpaceRequest): Promise<void> {
  const target = `${folderOf(state, buildId)}/${space}`;
  if (existsSync(`${target}/own`)) return;
  const image = `spaces/${buildId}/${space}.img`;
  makeFolder(`spaces/${buildId}`, 0o700);
  writeFileSync(image, '', { mode: 0o600 });
  truncateSync(image, sizeBytes + files * BYTES_PER_FILE + BYTES_FOR_ITSELF);
  // It is not needed after a power cut, so it has no journal; nothing is zeroed beforehand.
  const options = `-q -F -O ^has_journal -m 0 -b 4096 -N ${files} -E nodiscard,lazy_itable_init=1`;
  await run('mkfs.ext4', [...options.split(' '), image]);
  makeFolder(target, 0o711);
  await run('mount', ['-c', '-t', 'ext4', '-o', 'loop,nosuid,nodev,noatime,noinit_itable', image, target]);
  mkdirSync(`${target}/taken`, { mode: 0o700 });
  mkdirSync(`${target}/own`, { mode: 0o700 });
  chownSync(`${target}/own`, state.owner.uid, state.owner.gid);
  watchSpace(state, buildId, image);
}

/** When the disk is nearly full, the build whose space grew most loses its programs. */
function watchSpace(state: HelperState, buildId: string, image: string): void {
  const watched = state.spacesWatched.get(buildId) ?? { ends: [], isDiskLow: false };
  state.spacesWatched.set(buildId, watched);
  const onLow = (): void => {
    watched.isDiskLow = true;
    for (const pid of listProcesses(state.roots, groupOf(state, buildId))) killIfThere(pid);
  };
  watched.ends.push(watchFreeSpace(image, onLow));
}

function endSpaceWatch(state: HelperState, buildId: string): void {
  for (const end of state.spacesWatched.get(buildId)?.ends ?? []) end();
}

/**
 * Takes a folder away from the owner and gives it to `to`: from the build's space if it has one, else from
 * DATA/work/BUILDID. Returns its new path and what a box needs to see it at `mountPoint`, a folder of its /in.
 */
export async function takeFolder(
  state: HelperState,
  from: { buildId: string; space: 'source' | 'bases'; name: string },
  mountPoint: string,
  to: Owner,
): Promise<{ path: string; inputs: TakenFolder[] }> {
  const { buildId, space, name } = from;
  const give = space === 'source' ? giveSource : changeOwner;
  // From here on a box writes for the build, and the box itself is watched.
  if (space === 'source') endSpaceWatch(state, buildId);
  const target = `${folderOf(state, buildId)}/${space}`;
  if (!existsSync(`${target}/own`)) {
    takeFromOwner(state.owner, [buildId, ...(space === 'bases' ? ['bases'] : []), name], mountPoint);
    await give(mountPoint, to);
    return { path: mountPoint, inputs: [] };
  }
  const path = `${target}/taken/${name}`;
  await removeTree(path);
  try {
    renameSync(`${target}/own/${name}`, path);
  } catch (cause) {
    throw new RefusedRequest('no-input', `there is no folder ${space}/${name}: ${String(cause)}`);
  }
  if (!lstatSync(path).isDirectory()) throw new RefusedRequest('no-input', `${space}/${name} is not a folder`);
  await give(path, to);
  mkdirSync(mountPoint);
  return { path, inputs: [{ name: mountPoint.slice(mountPoint.lastIndexOf('/') + 1), path }] };
}

/** Why programs of a build's work outside its box were ended. */
export function countWork(state: HelperState, buildId: string): WorkCounters {
  const isDiskLow = state.spacesWatched.get(buildId)?.isDiskLow ?? false;
  return { ...readCounters(state.roots, groupOf(state, buildId)), isDiskLow };
}

/** Ends the processes in the group of a build's work, and removes group and spaces. */
export async function closeWork(state: HelperState, buildId: string): Promise<void> {
  endSpaceWatch(state, buildId);
  state.spacesWatched.delete(buildId);
  await removeCgroup(state.roots, groupOf(state, buildId));
  // A file without a name is not written to the disk when it is unmounted.
  rmSync(`spaces/${buildId}`, { recursive: true, force: true });
  const folder = folderOf(state, buildId);
  for (const target of listMounts().filter((each) => each.startsWith(`${folder}/`))) await unmountSpace(target);
  // Removes only empty folders: root must not walk through what cannot be unmounted.
  for (const each of [`${folder}/source`, `${folder}/bases`, folder, state.workPlace, PLACE]) removeEmpty(each);
}

/**
 * Closes the work of builds that an earlier run of this data folder's helper left. With `keepRunning`, work that still
 * runs is left alone: the server is alive and ends it itself.
 */
export async function sweepWork(state: HelperState, { keepRunning }: { keepRunning: boolean }): Promise<void> {
  const groups = listCgroupIds(state.roots, state.cgroupPrefix);
  const ids = new Set([
    ...groups.filter(isWorkGroup).map((id) => id.slice(0, -SUFFIX.length)),
    ...(existsSync('spaces') ? readdirSync('spaces') : []),
    ...(existsSync(state.workPlace) ? readdirSync(state.workPlace) : []),
  ]);
  for (const id of ids) {
    if (keepRunning && listProcesses(state.roots, groupOf(state, id)).length > 0) continue;
    await closeWork(state, id);
  }
}

/** Where the server of this data folder has its spaces. The folder exists while there are any. */
export function workPlaceOf(hash: string): string {
  return `${PLACE}/${hash}`;
}

/** Whether a control group of this data folder belongs to a build's work outside its box. */
export function isWorkGroup(id: string): boolean {
  return id.endsWith(SUFFIX);
}

const SUFFIX = '-work';

function groupOf(state: HelperState, buildId: string): string {
  return `${state.cgroupPrefix}/${buildId}${SUFFIX}`;
}

function folderOf(state: HelperState, buildId: string): string {
  return `${state.workPlace}/${buildId}`;
}

/** Where something is mounted. Paths of spaces have no characters that this table would escape. */
function listMounts(): string[] {
  const lines = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  return lines.map((line) => line.split(' ')[1] ?? '');
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
