import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildContext } from '#build/build-options.ts';
import { shownRef } from '#source/ref-name.ts';
import type { DockerfilePlan, NamedImage } from '../dockerfile/dockerfile-plan.ts';
import { fetchCommit } from '../git/git-fetch.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import type { BuildJob, BuildMeans } from './build-job.ts';
import { gitArguments } from './fetch-arguments.ts';
import { unpackSent } from './unpack-sent.ts';

/** The folder of a context, as the sandbox mounts it. */
export interface ContextFolder {
  name: string;
  folder: string;
  /** It is a clone. */
  isFetched: boolean;
  /** The SHA-256 of the archive that it was sent as. */
  archive?: string;
}

/** Puts the folders sent with a build, and the repositories that it names, next to its source. */
export async function fetchContexts(means: BuildMeans, job: BuildJob): Promise<ContextFolder[]> {
  const { record, place, log } = job;
  const folders: ContextFolder[] = [];
  for (const [at, context] of (record.options.contexts ?? []).entries()) {
    if (context.kind === 'image') continue;
    const folder = `named-${at}`;
    const path = join(place.folder.context, '..', folder);
    await mkdir(path, { mode: 0o755 });
    const work = { ...place.folder, context: path, git: join(place.folder.git, '..', `named-git-${at}`) };
    if (context.kind === 'archive') {
      await log.line(`build context ${context.name}: a folder, as sent`);
      const sha256 = await unpackSent(means, job, context.archiveId, work);
      folders.push({ name: context.name, folder, isFetched: false, archive: sha256 });
    } else {
      await fetchGit(means, job, context, work);
      folders.push({ name: context.name, folder, isFetched: true });
    }
  }
  return folders;
}

/** The images of contexts that the Dockerfile names, each once per platform. */
export function namedImages(
  contexts: readonly BuildContext[],
  plan: Pick<DockerfilePlan, 'contexts'>,
): (NamedImage & { context: string })[] {
  return plan.contexts.flatMap((used) => {
    const context = contexts.find(({ name }) => name === used.image);
    return context?.kind === 'image' ? [{ ...used, image: context.image, context: context.name }] : [];
  });
}

async function fetchGit(
  means: BuildMeans,
  job: BuildJob,
  { name, url, ref }: Extract<BuildContext, { kind: 'git' }>,
  folder: WorkFolder,
): Promise<void> {
  await job.log.line(`build context ${name}: ${url} ${shownRef(ref)}`);
  const host = { login: undefined, allowed: means.allowed };
  const commit = await fetchCommit({ ...gitArguments(means, job, folder), url, ref, commitId: undefined, host });
  await job.log.line(`build context ${name}: commit ${commit.commitId}`);
}
