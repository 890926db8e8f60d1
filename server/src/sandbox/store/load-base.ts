import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { HelperState } from '../box/helper-state.ts';
import { takeFolder } from '../box/work-space.ts';
import { makeFolder } from '../folder/make-folder.ts';
import { removeTree } from '../folder/owner-folder.ts';
import type { BaseFacts, ImageFacts } from '../protocol/reply.ts';
import { type LoadRequest, RefusedRequest } from '../protocol/request.ts';
import { basePath, dropOldBases, findBaseFacts, holdBase } from './base-limit.ts';
import { LARGEST_CONFIG_BYTES, readImageFacts } from './image-config.ts';
import { toImageLayout } from './image-layout.ts';

const run = promisify(execFile);

/**
 * Takes the folder HEX from the build's folder of bases, keeps it as an image layout for this and later builds, and
 * returns its facts. It stays packed: each build unpacks what it needs in its own box, on its own disk. Does nothing if
 * the base is loaded already. Throws RefusedRequest (`load-failed`) if it is not an image. If bases take more disk than
 * they may, old ones are removed.
 */
export async function loadBase(state: HelperState, load: LoadRequest): Promise<BaseFacts> {
  const target = basePath(load);
  holdBase(state, load.buildId, load);
  if (!existsSync(target)) {
    const made = `run/${randomUUID()}.base`;
    try {
      await make(state, load, made);
      makeFolder(dirname(target), 0o700);
      if (!existsSync(target)) renameSync(made, target);
    } finally {
      await removeTree(made);
    }
    await dropOldBases(state);
  }
  const facts = findBaseFacts(target);
  if (facts === undefined) throw new Error(`the base ${target} was removed while it was loaded`);
  return facts;
}

async function make(state: HelperState, load: LoadRequest, folder: string): Promise<void> {
  const from = { buildId: load.buildId, space: 'bases', name: load.digest.slice('sha256:'.length) } as const;
  const taken = await takeFolder(state, from, folder, { uid: 0, gid: 0 });
  if (taken.path !== folder) {
    // The build's next base needs this path.
    await run('cp', ['-r', '-T', '--', taken.path, folder]);
    await removeTree(taken.path);
  }
  let facts: ImageFacts;
  try {
    facts = factsOf(folder, toImageLayout(folder, load.digest));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RefusedRequest('load-failed', `the base image ${load.digest} is not what a registry serves: ${why}`);
  }
  // A box reads it with ids of its own.
  await run('chmod', ['-R', 'u=rwX,go=rX', '--', folder]);
  const { stdout } = await run('du', ['-s', '--block-size=1', '--', folder]);
  writeFileSync(`${folder}/facts.json`, JSON.stringify({ sizeBytes: Number.parseInt(stdout, 10), ...facts }));
  // Its name says that it is complete, so its files must be on the disk before it gets the name.
  await run('sync', ['-f', folder]);
}

function factsOf(folder: string, configDigest: string): ImageFacts {
  const file = `${folder}/blobs/sha256/${configDigest.replace('sha256:', '')}`;
  const stats = lstatSync(file);
  if (!stats.isFile() || stats.size > LARGEST_CONFIG_BYTES) throw new Error('its configuration is too large');
  return readImageFacts(readFileSync(file, 'utf8'));
}
