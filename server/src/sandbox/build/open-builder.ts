import { isNative } from '#platform/platform.ts';
import type { Box } from '../box/box.ts';
import { withBoxFolder } from '../box/box-folder.ts';
import type { HelperState } from '../box/helper-state.ts';
import { openBuilderRoot } from '../builder/builder-root.ts';
import type { BuildOutcome } from '../protocol/reply.ts';
import type { BuilderStart, MarkedBuildRequest } from '../protocol/request.ts';
import { isToEmpty } from '../store/copied-store.ts';
import { findLastStore, keepOwnStore, openLayerStore, takeLayerStore } from '../store/layer-store.ts';
import { writeBuilderInput } from './builder-input.ts';
import { type BuildConnection, runBuild, runInFolder, startBuilder } from './run-build.ts';

type MarkedStart = BuilderStart & { stepMark: string };

/**
 * Starts the builder of a build whose source is still being fetched, on the store that the repository used last, or on
 * an empty one if it has none, and runs the build there when it comes. If the builder does not suit the build, has
 * died, or had to give its store to another build, the build runs like any other. Returns undefined if no build comes.
 */
export async function openBuilder(
  state: HelperState,
  start: MarkedStart,
  build: Promise<MarkedBuildRequest | undefined>,
  connection: BuildConnection,
): Promise<BuildOutcome | undefined> {
  // The request may turn out to be refused before anything waits for it.
  build.catch(() => undefined);
  const sentences: string[] = [];
  const tell = (): void => {
    for (const sentence of sentences.splice(0)) connection.say(sentence);
  };
  const outcome = await runOpened(state, start, build, connection, { sentences, tell });
  if (outcome !== undefined) return outcome;
  const given = await build;
  tell();
  return given && runBuild(state, given, connection);
}

/** Undefined if no builder was started, or none is left when the build comes. */
async function runOpened(
  state: HelperState,
  start: MarkedStart,
  build: Promise<MarkedBuildRequest | undefined>,
  connection: BuildConnection,
  { sentences, tell }: { sentences: string[]; tell(): void },
): Promise<BuildOutcome | undefined> {
  const { buildId, repositoryId } = start;
  const lastId = findLastStore(repositoryId);
  if (lastId !== undefined && state.storesInUse.has(lastId)) return undefined;
  // Which store to copy is certain only with the build.
  if (lastId === undefined && start.copyOf !== undefined) return undefined;
  const store = takeLayerStore(state, { buildId, repositoryId: lastId ?? repositoryId, cache: lastId !== undefined });
  const [wanted, free] = [Promise.withResolvers<undefined>(), Promise.withResolvers<void>()];
  if (lastId !== undefined)
    state.storesWaiting.set(lastId, () => {
      wanted.resolve(undefined);
      return free.promise;
    });
  const endWaiting = () => lastId !== undefined && state.storesWaiting.delete(lastId);
  try {
    return await withBoxFolder(state, start.buildId, async (folder, firstId) => {
      const { isOld, sentence } = await openLayerStore(store, start.limits.diskBytes);
      sentences.push(...[store.sentence, sentence].filter((each) => each !== undefined));
      const command = writeBuilderInput(`${folder}/in`, { ...start, isToEmpty: isToEmpty(store) });
      const opened = { command, rootfs: openBuilderRoot(), isOld, emulators: [] };
      const box = startBuilder(state, start, { ...opened, firstId }, store);
      try {
        // First, so that a build that was promised the store while it was made ready does not wait for this one's end.
        const given = await Promise.race([wanted.promise, build, box.end.then(() => undefined)]);
        endWaiting();
        if (given === undefined || !suits(given)) return undefined;
        const isItsStore =
          lastId === undefined ? await keepOwnStore(state, store, given) : given.cache && given.repositoryId === lastId;
        if (!isItsStore) return undefined;
        tell();
        return await runInFolder(state, given, connection, { folder, firstId, store, opened: { ...opened, box } });
      } finally {
        await endBox(box);
      }
    });
  } finally {
    endWaiting();
    store.release();
    free.resolve();
  }
}

/** A builder learns of emulators only when it starts. */
function suits({ stepPlatforms = [] }: MarkedBuildRequest): boolean {
  return stepPlatforms.every((platform) => isNative(platform));
}

/** Also for a box that has ended: its store is free only when nothing of the box is left. */
async function endBox({ kill, output, end }: Box): Promise<void> {
  kill();
  output.destroy();
  await end;
}
