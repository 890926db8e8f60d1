import { directiveOf } from './dockerfile-parser.ts';
import type { DockerfilePlan } from './dockerfile-plan.ts';

/**
 * The Dockerfile for the builder, if it differs from the one in the source. `pinned` has the digests of images with the
 * same name as a stage; such a FROM gets the digest, so that the stage keeps its meaning. With `keepsSyntax`, the frontend that
 * it asks for reads it.
 */
export function dockerfileForBuilder(
  text: string,
  { shadowed, edits: planned }: Pick<DockerfilePlan, 'shadowed' | 'edits'>,
  pinned: ReadonlyMap<string, string>,
  { keepsSyntax = false } = {},
): string | undefined {
  const lines = text.split('\n');
  const pins = shadowed.flatMap(({ image, places }) =>
    places.map((place, at) => ({ ...place, text: at === 0 ? pinnedName(image, pinned.get(image)) : '' })),
  );
  const edits = [...pins, ...planned];
  // From the end of a line to its beginning, so that columns stay valid.
  for (const { line, fromColumn, toColumn, text } of edits.toSorted(
    (one, other) => other.fromColumn - one.fromColumn,
  )) {
    const written = lines[line] ?? '';
    const [before, after] = [written.slice(0, fromColumn), written.slice(toColumn)];
    lines[line] = before + text + (text === '' && before.endsWith(' ') ? after.trimStart() : after);
  }
  const whole = lines.join('\n');
  const changed = keepsSyntax ? undefined : withoutSyntax(whole);
  return changed ?? (edits.length > 0 ? whole : undefined);
}

/** An image by its digest. */
export function pinnedName(image: string, digest: string | undefined): string {
  return digest === undefined ? image : `${image.replace(/:latest$/, '')}@${digest}`;
}

/**
 * A Dockerfile without its `syntax` directive, which would make the builder fetch another frontend; undefined if it has
 * none. A comment replaces it below the other directives, so that all other lines keep their numbers
 * (https://docs.docker.com/reference/dockerfile/#parser-directives). Below a first line with `#!`, no other directive
 * applies, and none moves.
 */
export function withoutSyntax(dockerfile: string): string | undefined {
  const lines = dockerfile.split('\n');
  const start = isForShells(lines) ? 1 : 0;
  const names = directivesOf(lines).map(({ name }) => name);
  if (!names.includes('syntax')) return undefined;
  const block = lines.slice(start, start + names.length);
  const kept = block.filter((_, at) => names[at] !== 'syntax');
  const below = block.slice(kept.length).map(() => '#');
  return [...lines.slice(0, start), ...kept, ...below, ...lines.slice(start + names.length)].join('\n');
}

/** The directives at the top, with the index of their lines. */
export function directivesOf(lines: readonly string[]): { name: string; value: string; line: number }[] {
  const found: { name: string; value: string; line: number }[] = [];
  for (let line = isForShells(lines) ? 1 : 0; line < lines.length; line++) {
    const directive = directiveOf((lines[line] ?? '').replace(line === 0 ? /^\uFEFF/ : /^$/, ''));
    if (directive === undefined) break;
    found.push({ ...directive, line });
  }
  return found;
}

/**
 * The index of a line `// syntax=`, which asks the builder for a frontend of another language; undefined if there is
 * none (https://docs.docker.com/build/buildkit/frontend/).
 */
export function foreignSyntaxLine(lines: readonly string[]): number | undefined {
  for (let at = isForShells(lines) ? 1 : 0; at < lines.length; at++) {
    const line = (lines[at] ?? '').replace(/^\uFEFF/, '');
    const name = line.startsWith('//') ? directiveOf(`#${line.slice(2)}`)?.name : undefined;
    if (name === 'syntax') return at;
    if (name === undefined) return undefined;
  }
  return undefined;
}

function isForShells(lines: readonly string[]): boolean {
  return /^\uFEFF?#!/.test(lines[0] ?? '');
}
