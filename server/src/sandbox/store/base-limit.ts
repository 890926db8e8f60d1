import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, statSync, utimesSync } from 'node:fs';
import type { HelperState } from '../box/helper-state.ts';
import { removeTree } from '../folder/owner-folder.ts';
import type { BaseFacts, BasesFacts } from '../protocol/reply.ts';
import type { BaseRef } from '../protocol/request.ts';
import { type Kept, planRemoval } from './store-limit.ts';

/** The folder of a base: an OCI image layout, and `facts.json`. It is renamed into place when it is complete. */
export function basePath(base: BaseRef): string {
  return `bases/${base.scope}/${base.digest.slice('sha256:'.length)}`;
}

/** Keeps the base, if it exists, from now to the build's clean-up, and marks it as just used. */
export function holdBase(state: Pick<HelperState, 'basesHeld'>, buildId: string, base: BaseRef): void {
  const path = basePath(base);
  const held = state.basesHeld.get(buildId) ?? new Set();
  state.basesHeld.set(buildId, held.add(path));
  const now = Date.now() / 1000;
  if (existsSync(path)) utimesSync(path, now, now);
}

/** The facts about the base at a path; undefined if none is loaded. */
export function findBaseFacts(path: string): BaseFacts | undefined {
  const file = `${path}/facts.json`;
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as BaseFacts) : undefined;
}

/**
 * Removes bases that no build holds, least recently used first, until all of them are within the limit. Returns the
 * paths of what was removed; a build that names such an image fetches it again.
 */
export async function dropOldBases(state: Pick<HelperState, 'basesHeld' | 'baseCacheBytes'>): Promise<string[]> {
  const isHeld = heldBy(state);
  const going = planRemoval(listBases().map(sizedBase), state.baseCacheBytes, isHeld);
  await removeBases(going);
  return going;
}

/** How much the bases take. */
export function measureBases(state: Pick<HelperState, 'basesHeld'>): BasesFacts {
  const isHeld = heldBy(state);
  const facts = { sizeBytes: 0, idleBytes: 0 };
  for (const { path, sizeBytes } of listBases().map(sizedBase)) {
    facts.sizeBytes += sizeBytes;
    if (!isHeld(path)) facts.idleBytes += sizeBytes;
  }
  return facts;
}

/** Removes all bases that no build holds. */
export async function removeIdleBases(state: Pick<HelperState, 'basesHeld'>): Promise<void> {
  const isHeld = heldBy(state);
  await removeBases(listBases().filter((path) => !isHeld(path)));
}

/** Removes bases in the format of earlier versions. */
export async function dropForeignBases(): Promise<void> {
  await removeBases(listBases().filter((path) => !existsSync(`${path}/oci-layout`)));
}

function heldBy(state: Pick<HelperState, 'basesHeld'>): (path: string) => boolean {
  return (path) => [...state.basesHeld.values()].some((held) => held.has(path));
}

async function removeBases(paths: readonly string[]): Promise<void> {
  const gone = paths.map((path) => {
    // A large base takes time to remove. Once renamed it is no base any more, and the next helper removes it if this
    // one dies.
    const name = `run/${randomUUID()}.gone`;
    renameSync(path, name);
    return name;
  });
  for (const name of gone) await removeTree(name);
}

function listBases(): string[] {
  const scopes = existsSync('bases') ? readdirSync('bases') : [];
  return scopes.flatMap((scope) => readdirSync(`bases/${scope}`).map((name) => `bases/${scope}/${name}`));
}

function sizedBase(path: string): Kept {
  return { path, sizeBytes: findBaseFacts(path)?.sizeBytes ?? 0, usedMs: statSync(path).mtimeMs };
}
