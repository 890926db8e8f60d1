import { type Flag, type Instruction, jsonList, plainArguments } from './dockerfile-instruction.ts';
import { placesOf, type TextEdit } from './dockerfile-places.ts';

const OFF = /=(false|0)$/;

/** The part of an instruction that this reads; without source positions, nothing is rewritten. */
export type CopyInstruction = Pick<Instruction, 'keyword' | 'flags' | 'rest' | 'restAt' | 'parts'>;

/**
 * Rewrites `COPY --parents`, which the builder's parser does not have, as a COPY of the whole place without everything
 * but the sources (https://docs.docker.com/reference/dockerfile/#copy---parents). Returns the edits; or why it cannot be
 * rewritten.
 */
export function copyWithParents(copy: CopyInstruction): TextEdit[] | string {
  const flag = copy.keyword === 'COPY' ? parentsFlag(copy) : undefined;
  if (flag === undefined) return [];
  if (!/^--parents(=(true|false|1|0))?$/.test(flag.text)) return `COPY ${flag.text.slice(0, 60)} is no true or false`;
  const removed = replace(copy, flag.from, flag.to, '');
  if (OFF.test(flag.text)) return removed;
  const list = jsonList(copy.rest);
  const words = list ?? plainArguments(copy);
  const sources = words.slice(0, -1).map(splitSource);
  const problem = problemOf(words, sources);
  if (problem !== undefined) return problem;
  const target = words.at(-1) ?? '';
  // The builder copies the content of the place, so the target is a folder, with or without a slash at its end.
  const rest = [sources[0]?.place ?? '.', target.endsWith('/') ? target : `${target}/`];
  const excludes = sources.some(({ pattern }) => pattern === '')
    ? []
    : ['--exclude=**', ...sources.map(({ pattern }) => `--exclude="!${pattern}"`)];
  // In front of the Dockerfile's own --exclude, which then still count: the last pattern that matches decides.
  const first = copy.flags[0] ?? flag;
  const [start] = placesOf(copy.parts, first.from, first.from + 1);
  const added = start && { ...start, toColumn: start.fromColumn, text: `${excludes.join(' ')} ` };
  const written = list ? JSON.stringify(rest) : rest.join(' ');
  const renamed = replace(copy, copy.restAt, copy.restAt + copy.rest.length, written);
  return [...renamed, ...removed, ...(added && excludes.length > 0 ? [added] : [])];
}

/**
 * What a `COPY --parents` takes from the source and would not miss, since a COPY with patterns copies what there is. Docker's
 * frontend asks for it (https://github.com/moby/buildkit/pull/6229).
 */
export function sourcesOfParents(copy: CopyInstruction): string[] {
  const flag = parentsFlag(copy);
  if (flag === undefined || OFF.test(flag.text) || copy.flags.some(({ text }) => text.startsWith('--from'))) return [];
  const words = jsonList(copy.rest) ?? plainArguments(copy);
  const paths = words.slice(0, -1).map(splitSource);
  return paths.map(({ place, pattern }) => `${place}/${pattern}`).filter((path) => !/[*?[$]/.test(path));
}

/** Whether the target of a COPY is a folder because of this flag. */
export function hasParents(copy: Pick<Instruction, 'flags'>): boolean {
  return parentsFlag(copy) !== undefined;
}

function parentsFlag({ flags }: Pick<Instruction, 'flags'>): Flag | undefined {
  return flags.find(({ text }) => /^--parents(=|$)/.test(text));
}

interface ParentsSource {
  /** What is before `/./`, and not part of the names in the image. */
  place: string;
  /** The path below it, as a pattern; empty for everything. */
  pattern: string;
}

function splitSource(source: string): ParentsSource {
  const pivot = source.indexOf('/./');
  const [place, path] = pivot < 0 ? ['.', source] : [source.slice(0, pivot) || '/', source.slice(pivot + 3)];
  return { place: `${place.startsWith('/') ? '/' : ''}${plainPath(place)}` || '.', pattern: plainPath(path) };
}

function plainPath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

function problemOf(words: readonly string[], sources: readonly ParentsSource[]): string | undefined {
  const all = words.join(' ');
  if (words.length < 2) return 'COPY --parents needs at least one source and a target';
  if (words.some((word) => word.startsWith('<<'))) return 'COPY --parents cannot copy a here-document';
  if (/["'`\\]/.test(all)) return 'COPY --parents with quotes or escape characters in a path is not supported';
  if (sources.some(({ pattern }) => pattern.split('/').includes('..')))
    return 'COPY --parents with .. in a source is not supported: write the path without it';
  const places = new Set(sources.map(({ place }) => place));
  if (places.size > 1)
    return 'COPY --parents of sources with different paths before /./ is not supported: write one COPY for each of these paths';
  return [...places].some((place) => /[*?[]/.test(place))
    ? 'COPY --parents with a wildcard before /./ is not supported: name the folder'
    : undefined;
}

/** Replaces a range, which may span a continuation, so that each line keeps its number. */
function replace({ parts }: CopyInstruction, from: number, to: number, text: string): TextEdit[] {
  return placesOf(parts, from, to).map((place, at) => ({ ...place, text: at === 0 ? text : '' }));
}
