import { type ConfinedLimits, ConfinedWork, ConfinedWorkExhausted } from '#confined/confined-work.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import type { DockerfilePlan, SourceDockerfile } from './dockerfile-plan.ts';
import { type AskedOfDockerfile, planOrRefusal } from './plan-dockerfile.ts';

/**
 * Reads which images a Dockerfile names. `buildArgs` are `K=V`. Throws `BuildFailed`, with the lines at fault if known;
 * a Dockerfile that costs too much to parse is the source's fault.
 */
export async function planDockerfile(
  dockerfile: SourceDockerfile,
  buildArgs: readonly string[],
  platforms: readonly string[],
  asked: AskedOfDockerfile = {},
  limits: Partial<ConfinedLimits> = {},
): Promise<DockerfilePlan> {
  await using work = new ConfinedWork(limits);
  const task = { module: import.meta.resolve('./plan-dockerfile.ts'), run: planOrRefusal };
  const answer = await work.run(task, { dockerfile, buildArgs, platforms, asked }).catch((error: unknown) => {
    if (!(error instanceof ConfinedWorkExhausted)) throw error;
    throw new BuildFailed('dockerfile-limit', `${dockerfile.path} cannot be read as a Dockerfile: ${error.message}`);
  });
  if ('plan' in answer) return answer.plan;
  const failure = new BuildFailed(answer.kind, answer.refusal);
  failure.dockerfile = answer.lines;
  throw failure;
}
