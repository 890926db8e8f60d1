import { createHash, randomUUID } from 'node:crypto';
import type { DockerfilePlan } from './dockerfile.ts';

/** What a build's layers depend on beside the text of its instructions. */
export interface LayerInputs {
  /** Digests of its base images. */
  bases: readonly string[];
  /** As the builder is given them. */
  buildArgs: Readonly<Record<string, string>>;
  plan: Pick<DockerfilePlan, 'declaredArgs' | 'bindsFiles'>;
}

/**
 * The key under which a build's layers are kept: it reuses those of the same key alone. The builder compares an instruction
 * by its text, so it would take ENV V=$V, or a RUN whose mounted file has changed, for the same as before, and it fails over
 * a layer whose base image is not there any more (https://github.com/containers/buildah/issues/5095, issues/5400 and
 * issues/5674). A Dockerfile that binds files into a RUN never has the key of an earlier build.
 */
export function layerKey({ bases, buildArgs, plan }: LayerInputs): string {
  if (plan.bindsFiles) return randomUUID();
  const declared = new Set(plan.declaredArgs.map((argument) => argument.split('=', 1)[0]));
  const given = Object.entries(buildArgs).filter(([name]) => declared.has(name));
  const inputs = [bases.toSorted(), given.toSorted(), plan.declaredArgs];
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}
