import { invalidParameter } from '#rpc/api-error.ts';
import type { NewBuild } from '#rpc/native-types.gen.ts';
import type { BuildRecord } from '../build.ts';
import { familiarName } from '../familiar-name.ts';
import { parseSource } from './build-source.ts';

/** One more place that COPY, FROM and mounts find by name, beside the source: it stands for a stage or image of that name. */
export type BuildContext = { name: string } & (
  | { kind: 'archive'; archiveId: string }
  | { kind: 'git'; url: string; ref: string }
  | { kind: 'image'; image: string }
);

type GivenContext = NonNullable<NewBuild['BuildContexts']>[number];

const NAME = /^[a-z0-9][a-z0-9._/-]{0,126}(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$/;
const IMAGE = /^[\x21-\x7e]{1,511}$/;

/** Reads the contexts of a request. Throws `InvalidParameter`, naming the field. */
export function parseContexts(given: readonly GivenContext[], field: string): readonly BuildContext[] | undefined {
  const contexts = given.map((entry, at) => parseContext(entry, `${field}[${at}]`));
  const names = contexts.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw invalidParameter(field, `the name ${JSON.stringify(twice)} is there twice.`);
  return contexts.length === 0 ? undefined : contexts;
}

/** As the API shows them. */
export function contextFields(contexts: readonly BuildContext[]) {
  return contexts.map((context) => {
    const { name: Name, kind: Kind } = context;
    if (context.kind === 'image') return { Name, Kind, Image: context.image };
    if (context.kind === 'git') return { Name, Kind, GitUrl: context.url, Ref: context.ref };
    // Its id would let others build from it.
    return { Name, Kind };
  });
}

/** The folders that were sent for a build, and go with it. */
export function archiveIdsOf({ source, options }: Pick<BuildRecord, 'source' | 'options'>): string[] {
  const own = source.kind === 'archive' ? [source.archiveId] : [];
  const others = options.contexts ?? [];
  return [...own, ...others.flatMap((context) => (context.kind === 'archive' ? [context.archiveId] : []))];
}

function parseContext({ Name, Image, ArchiveId, GitUrl, Ref }: GivenContext, field: string): BuildContext {
  const name = NAME.test(Name) ? familiarName(Name) : '';
  if (name === '')
    throw invalidParameter(
      `${field}.Name`,
      `${JSON.stringify(Name)} is not a name as FROM takes it: lower-case letters, digits, dots, dashes, underscores and slashes, and a tag if need be.`,
    );
  if ([Image, ArchiveId, GitUrl].filter((each) => each !== undefined).length !== 1)
    throw invalidParameter(field, 'it needs one of Image, ArchiveId and GitUrl.');
  if (Image !== undefined) {
    if (!IMAGE.test(Image)) throw invalidParameter(`${field}.Image`, 'it is not the name of an image.');
    return { name, kind: 'image', image: Image };
  }
  const source = parseSource({ ArchiveId, GitUrl, Ref }, field);
  if (source.kind === 'archive') return { name, kind: 'archive', archiveId: source.archiveId };
  if (source.kind === 'git') return { name, kind: 'git', url: source.url, ref: source.ref };
  throw invalidParameter(field, 'it needs one of Image, ArchiveId and GitUrl.');
}
