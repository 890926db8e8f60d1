import { lstatSync, realpathSync } from 'node:fs';
import type { HelperState } from '../box/helper-state.ts';
import { enterWork, type TakenFolder, takeFolder } from '../box/work-space.ts';
import { type BuildRequest, type FolderOrigin, RefusedRequest } from '../protocol/request.ts';
import {
  notKeptReason,
  type SourceFolder,
  type SourceTimes,
  setSourceTimes,
  takeSourceTimes,
} from '../times/source-times.ts';

/** The source of a build and its other folders, which belong to the box. */
export interface ReadySource {
  /** Where the source itself is. */
  context: string;
  inputs: TakenFolder[];
  /** The times of its files in the store; undefined if the builder must take all of them again. */
  times?: SourceTimes;
}

/** How the sentence in the log begins. */
const WHOLE = 'the builder takes the whole source, not only what changed in it';
const LARGEST_DOCKERFILE_BYTES = 2 ** 20;

/**
 * Takes the source of a build away from the server and gives it to the box. For the store at `storePath`, sets the times
 * of its files. Throws RefusedRequest if there is no Dockerfile in it.
 */
export async function readySource(
  state: HelperState,
  build: Pick<BuildRequest, 'buildId' | 'dockerfile' | 'contexts' | 'isFetched' | 'archive'>,
  { folder, firstId, storePath }: { folder: string; firstId: number; storePath: string | undefined },
  { signal, say }: { signal: AbortSignal; say(line: string): void },
): Promise<ReadySource> {
  const owner = { uid: firstId, gid: firstId };
  const inputs: TakenFolder[] = [];
  const take = async (name: string): Promise<string> => {
    const from = { buildId: build.buildId, space: 'source', name } as const;
    const taken = await takeFolder(state, from, `${folder}/in/${name}`, owner);
    inputs.push(...taken.inputs);
    return taken.path;
  };
  const context = await take('context');
  const folders: SourceFolder[] = [folderOf(undefined, context, build)];
  for (const named of build.contexts ?? []) folders.push(folderOf(named.name, await take(named.folder), named));
  checkDockerfile(context, build.dockerfile);
  if (storePath === undefined) return { context, inputs };
  const place = { owner, onStart: (pid: number) => enterWork(state, build.buildId, pid), signal };
  try {
    const times = takeSourceTimes(storePath);
    const reason = await setSourceTimes(times, folders, place);
    if (reason === undefined) return { context, inputs, times };
    say(`${WHOLE}: ${reason}`);
  } catch (error) {
    say(`${WHOLE}: ${notKeptReason(error)}`);
  }
  return { context, inputs };
}

function folderOf(name: string | undefined, path: string, { isFetched = false, archive }: FolderOrigin): SourceFolder {
  return { name, path, isFetched, archive };
}

/** The path may contain links, as long as it ends at a regular file inside the context. */
function checkDockerfile(context: string, path: string): void {
  const shown = JSON.stringify(path);
  let real: string;
  try {
    real = realpathSync.native(`${context}/${path}`);
  } catch {
    throw new RefusedRequest('no-dockerfile', `there is no Dockerfile at ${shown}`);
  }
  if (!real.startsWith(`${realpathSync.native(context)}/`)) {
    throw new RefusedRequest('no-dockerfile', `the Dockerfile ${shown} is outside the source`);
  }
  const stats = lstatSync(real);
  if (!stats.isFile()) throw new RefusedRequest('no-dockerfile', `the Dockerfile ${shown} is not a regular file`);
  if (stats.size > LARGEST_DOCKERFILE_BYTES) {
    throw new RefusedRequest(
      'no-dockerfile',
      `the Dockerfile ${shown} is larger than ${LARGEST_DOCKERFILE_BYTES} bytes`,
    );
  }
}
