import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeBusyboxImage } from '../../../server/src/sandbox/testing/busybox-image.ts';
import {
  openPlainBuildkit,
  type PlainBuild,
  type PlainBuildkit,
} from '../../../server/src/sandbox/testing/plain-buildkit.ts';
import { loadBusybox, runToEnd, startSandboxUnderTest } from '../../../server/src/sandbox/testing/sandbox.ts';
import { chanceOf } from '../chance.ts';
import { type ImageTree, readImageTree } from '../images/image-tree.ts';
import { BASES, dockerfileOf, editProject, type Project, randomProject, writeProject } from './random-project.ts';

/** The totals of the rounds: how many made an image, and how many steps were cached. */
export interface CacheRounds {
  images: number;
  refused: number;
  cachedSteps: number;
}

const MISSING_FOLDER = /^ERROR: .* lstat \/\S+: no such file or directory$/m;
const BASE_NAME = 'docker.io/library/base:latest';
const configOf = (base: number): object => ({ Env: ['PATH=/bin', `E=base-${base}`], Labels: { base: `${base}` } });

/**
 * Changes a random project again and again. Each time, builds it in the sandbox with the layers of all earlier builds,
 * and with the builder alone without any layers. Throws if the images differ in any path, mode, owner, link, content or
 * in the configuration, or if only one of the two builds is refused.
 *
 * One refusal depends on the builder's cache: of a pattern in a folder that is not there (docs/dockerfiles.md). If only the
 * builder without layers refuses it, the image must be the one that it makes when it may miss the folder.
 */
export async function runCacheRounds(rounds: number, seed: number): Promise<CacheRounds> {
  const chance = chanceOf(seed);
  const under = await startSandboxUnderTest();
  const folder = mkdtempSync(join(tmpdir(), 'slipway-project-'));
  let plain: PlainBuildkit | undefined;
  try {
    plain = await openPlainBuildkit();
    const bases = [];
    for (let base = 0; base < BASES; base++) {
      bases.push(await loadBusybox(under.sandbox, under.dataFolder, configOf(base), BASE_NAME));
    }
    const ended: CacheRounds = { images: 0, refused: 0, cachedSteps: 0 };
    const projects: Project[] = [];
    let plainBase: number | undefined;
    for (let round = 0; round < rounds; round++) {
      const project = projects.length === 0 ? randomProject(chance) : editProject(chance, projects);
      const { buildArgs } = project;
      const isFetched = chance.below(2) === 0;
      const request = under.prepare(
        {},
        { bases: bases.slice(project.base, project.base + 1), buildArgs, repositoryId: 'project', isFetched },
      );
      const output = join(under.dataFolder, 'work', request.buildId);
      writeProject(project, join(output, 'context'));
      hideChanges(join(output, 'context'));
      if (!isFetched) request.archive = archiveOf(join(output, 'context'));
      writeProject(project, folder);
      if (project.base !== plainBase)
        plain.addBase(BASE_NAME, (made) => writeBusyboxImage(made, configOf(project.base)));
      plainBase = project.base;
      const [cached, uncached] = await Promise.all([
        runToEnd(under.sandbox, request),
        plain.build(folder, { buildArgs }),
      ]);
      const mayMiss =
        cached.outcome.phase === 'done' && MISSING_FOLDER.test(uncached.output)
          ? await plain.build(withFoldersAsPatterns(folder), { buildArgs })
          : uncached;
      const told = `round ${round} of seed ${seed}\n${dockerfileOf(project)}${JSON.stringify(project)}\n`;
      compare(
        told,
        { isMade: cached.outcome.phase === 'done', output: cached.output, image: join(output, 'out/img') },
        mayMiss,
      );
      // A project that cannot be built is not a starting point for the next round.
      if (uncached.code === 0) projects.push(project);
      ended[uncached.code === 0 ? 'images' : 'refused']++;
      ended.cachedSteps += cached.output.match(/^CACHED /gm)?.length ?? 0;
      await under.sandbox.cleanUp(request.buildId);
    }
    return ended;
  } finally {
    await plain?.close();
    rmSync(folder, { recursive: true, force: true });
    await under.close();
  }
}

/** Writes the Dockerfile so that a pattern's folder is a pattern too, which may match nothing. Returns the folder. */
function withFoldersAsPatterns(folder: string): string {
  const path = join(folder, 'Dockerfile');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/(?<=^(?:COPY|ADD) .*) (\w)(\/\S*\*)/gm, ' [$1]$2'));
  return folder;
}

/** Gives everything in a folder the same time: a file that changed can be told by its content alone. */
function hideChanges(folder: string): void {
  execFileSync('find', [folder, '-exec', 'touch', '--no-dereference', '--date=@1700000000', '{}', '+']);
}

/** The SHA-256 of an archive of a folder; two builds of one project have the same one. */
function archiveOf(folder: string): string {
  const options = ['--sort=name', '--format=posix', '--pax-option=delete=atime,delete=ctime'];
  const archive = execFileSync('tar', ['-C', folder, ...options, '-cf', '-', '.'], { maxBuffer: 2 ** 30 });
  return hash('sha256', archive);
}

function compare(told: string, cached: { isMade: boolean; output: string; image: string }, uncached: PlainBuild): void {
  assert.equal(cached.isMade, uncached.code === 0, `${told}${cached.output}\nwithout a cache:\n${uncached.output}`);
  if (uncached.code === 0) assert.deepEqual(seenOf(cached.image), seenOf(uncached.image), `${told}${cached.output}`);
}

/** The digest would differ because of the times, and the history because of folders that are patterns. */
function seenOf(image: string): Pick<ImageTree, 'paths' | 'config'> {
  const { paths, config } = readImageTree(image);
  return { paths, config: JSON.parse(JSON.stringify(config).replaceAll(/ \[(\w)\]\//g, ' $1/')) };
}
