import type { DockerfilePlan } from './dockerfile.ts';

const directive = /^#[ \t]*([A-Za-z]+)[ \t]*=/;
const known = ['syntax', 'escape', 'check'];

/**
 * The Dockerfile that the builder is given, where that is not the one of the source. `pinned` are the digests of images that are named
 * as a stage is; such a FROM names its image by digest, so that the stage stays what it is.
 */
export function dockerfileForBuilder(
  text: string,
  { shadowed, dropped }: Pick<DockerfilePlan, 'shadowed' | 'dropped'>,
  pinned: ReadonlyMap<string, string>,
): string | undefined {
  const lines = text.split('\n');
  const pins = shadowed.map((name) => ({ ...name, text: pinnedName(name.image, pinned.get(name.image)) }));
  const edits = [...pins, ...dropped.map((place) => ({ ...place, text: '' }))];
  for (const { line, fromColumn, toColumn, text } of edits.toSorted(
    (one, other) => other.fromColumn - one.fromColumn,
  )) {
    const written = lines[line] ?? '';
    const after = written.slice(toColumn);
    lines[line] = written.slice(0, fromColumn) + text + (text === '' ? after.trimStart() : after);
  }
  const whole = lines.join('\n');
  return withoutSyntax(whole) ?? (edits.length > 0 ? whole : undefined);
}

/** An image by its digest. */
export function pinnedName(image: string, digest: string | undefined): string {
  return digest === undefined ? image : `${image.replace(/:latest$/, '')}@${digest}`;
}

/**
 * A Dockerfile without its `syntax` directive, which would have the builder fetch another reader of Dockerfiles than its own;
 * undefined where it has none. A comment stands for it below the other directives, so that every line keeps its number but
 * theirs (https://docs.docker.com/reference/dockerfile/#parser-directives).
 */
export function withoutSyntax(dockerfile: string): string | undefined {
  const lines = dockerfile.split('\n');
  const names: string[] = [];
  for (const line of lines) {
    const name = directive.exec(line.replace(/^\uFEFF/, ''))?.[1]?.toLowerCase();
    if (name === undefined || !known.includes(name)) break;
    names.push(name);
  }
  if (!names.includes('syntax')) return undefined;
  const block = lines.slice(0, names.length);
  const kept = block.filter((_, at) => names[at] !== 'syntax');
  return [...kept, ...block.slice(kept.length).map(() => '#'), ...lines.slice(names.length)].join('\n');
}
