import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { promisify } from 'node:util';
import type { HelperState } from './helper-state.ts';
import { removeTree } from './owner-folder.ts';
import type { BaseRef } from './request.ts';
import { type Kept, planRemoval } from './store-limit.ts';

const run = promisify(execFile);

/** Where a base's read-only store lies. What it takes of the disk stands beside it, in a file of the same name and `.size`. */
export function basePath(base: BaseRef): string {
  return `bases/${base.scope}/${base.digest.slice('sha256:'.length)}`;
}

/** From now to the build's clean-up the base stays, if it is there; it counts as used now. */
export function holdBase(state: Pick<HelperState, 'basesHeld'>, buildId: string, base: BaseRef): void {
  const path = basePath(base);
  const held = state.basesHeld.get(buildId) ?? new Set();
  state.basesHeld.set(buildId, held.add(path));
  const now = Date.now() / 1000;
  if (existsSync(path)) utimesSync(path, now, now);
}

/** Notes what a base takes of the disk, once: its files do not change. */
export async function noteBaseSize(store: string, path: string): Promise<void> {
  const { stdout } = await run('du', ['-s', '--block-size=1', '--', store]);
  writeFileSync(`${path}.size`, String(Number.parseInt(stdout, 10)));
}

/**
 * Removes bases that no build holds, the one used longest ago first, until all of them take no more than the limit. Gives
 * the paths of what was removed; a build that names such an image fetches it again.
 */
export async function dropOldBases(state: Pick<HelperState, 'basesHeld' | 'baseCacheBytes'>): Promise<string[]> {
  if (state.baseCacheBytes === Number.POSITIVE_INFINITY) return [];
  for (const path of listBases()) await noteMissingSize(path);
  // From here to the renames nothing comes between.
  const isHeld = (path: string) => [...state.basesHeld.values()].some((held) => held.has(path));
  const going = planRemoval(listBases().map(sizedBase), state.baseCacheBytes, isHeld);
  const gone = going.map((path) => {
    // A large tree takes its time; renamed, it is no base any more, and the next helper sweeps it if this one dies.
    const name = `run/${randomUUID()}.gone`;
    renameSync(path, name);
    rmSync(`${path}.size`, { force: true });
    return name;
  });
  for (const name of gone) await removeTree(name);
  return going;
}

function listBases(): string[] {
  const scopes = existsSync('bases') ? readdirSync('bases') : [];
  const paths = scopes.flatMap((scope) => readdirSync(`bases/${scope}`).map((name) => `bases/${scope}/${name}`));
  return paths.filter((path) => !path.endsWith('.size'));
}

/** Bases of versions that noted no size. */
async function noteMissingSize(path: string): Promise<void> {
  if (existsSync(`${path}.size`)) return;
  try {
    await noteBaseSize(path, path);
  } catch (error) {
    // Another build's load removed it meanwhile.
    if (existsSync(path)) throw error;
  }
}

function sizedBase(path: string): Kept {
  const file = `${path}.size`;
  const sizeBytes = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  return { path, sizeBytes, usedMs: statSync(path).mtimeMs };
}
