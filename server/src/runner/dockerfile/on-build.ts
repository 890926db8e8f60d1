import { BuildFailed } from '../failure/build-failed.ts';

/** A base image, by what decides what its ONBUILD may do. */
export interface BaseInstructions {
  /** Its full name. */
  name: string;
  /** `namespace/name` where it lies in this registry. */
  repository: string | undefined;
  /** What it adds to a Dockerfile that starts from it, as the builder reads it. */
  onBuild: readonly string[];
}

/**
 * Keeps the instructions that a base adds away from what only the Dockerfile of `repository` may name: no secret is mounted by
 * them, and a base of another namespace mounts nothing, neither the source nor the repository's caches. Throws `BuildFailed`.
 */
export function checkOnBuild(base: BaseInstructions, repository: string): void {
  const isOfOwnNamespace = base.repository !== undefined && namespaceOf(base.repository) === namespaceOf(repository);
  for (const instruction of base.onBuild) {
    const text = bareText(instruction);
    if (!text.includes('--mount')) continue;
    const shown = `base image ${base.name}: its ONBUILD ${JSON.stringify(instruction.slice(0, 200))}`;
    if (!isOfOwnNamespace) {
      throw refused(
        `${shown} uses --mount, which only a base of the namespace ${namespaceOf(repository)} in this registry may`,
      );
    }
    // A name in an argument is known to the builder alone.
    if (/secret|ssh|\$/.test(text)) throw refused(`${shown} may mount a secret, which no ONBUILD may`);
  }
}

/** Without what the builder's parser drops from within a word, which may be written in parts, with comments between them. */
function bareText(instruction: string): string {
  const lines = instruction.split('\n');
  const told = lines.filter((line, at) => at === 0 || !/^[\s\u0085]*#/.test(line));
  return told
    .join('')
    .replace(/[\\`"'\s\u0085]/g, '')
    .toLowerCase();
}

function refused(sentence: string): BuildFailed {
  return new BuildFailed('source', `${sentence}; put the instruction into the Dockerfile instead`);
}

function namespaceOf(repository: string): string {
  return repository.slice(0, repository.indexOf('/'));
}
