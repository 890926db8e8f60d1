import { BuildFailed } from '../failure/build-failed.ts';

/** The facts about a base image that decide what its ONBUILD may do. */
export interface BaseInstructions {
  /** Its full name. */
  name: string;
  /** `namespace/name` if it is in this registry. */
  repository: string | undefined;
  /** The instructions it adds to a Dockerfile that starts from it, as the builder reads them. */
  onBuild: readonly string[];
}

/**
 * Restricts the instructions that a base adds to what they may name: they cannot mount a secret, and a base from
 * another namespace can mount nothing, neither the source nor the repository's caches. Only the Dockerfile of
 * `repository` may. Throws `BuildFailed`.
 */
export function checkOnBuild(base: BaseInstructions, repository: string): void {
  const isOfOwnNamespace = base.repository !== undefined && namespaceOf(base.repository) === namespaceOf(repository);
  for (const instruction of base.onBuild) {
    const text = bareText(instruction);
    if (!text.includes('--mount')) continue;
    const shown = `base image ${base.name}: its ONBUILD ${JSON.stringify(instruction.slice(0, 200))}`;
    if (!isOfOwnNamespace) {
      throw refused(
        `${shown} uses --mount, which is allowed only for a base in the namespace ${namespaceOf(repository)} of this registry`,
      );
    }
    // Only the builder knows a name in an argument.
    if (/secret|ssh|\$/.test(text)) throw refused(`${shown} may mount a secret, which ONBUILD is not allowed to`);
  }
}

/** Removes what the builder's parser drops inside a word, which may be split over lines with comments in between. */
function bareText(instruction: string): string {
  const lines = instruction.split('\n');
  const told = lines.filter((line, at) => at === 0 || !/^[\s\u0085]*#/.test(line));
  return told
    .join('')
    .replace(/[\\`"'\s\u0085]/g, '')
    .toLowerCase();
}

function refused(sentence: string): BuildFailed {
  return new BuildFailed('dockerfile-onbuild', `${sentence}; put the instruction into the Dockerfile instead`);
}

function namespaceOf(repository: string): string {
  return repository.slice(0, repository.indexOf('/'));
}
