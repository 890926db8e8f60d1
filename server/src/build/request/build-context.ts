import { invalidParameter } from '#rpc/errors/api-error.ts';
import type { NewBuild } from '#rpc/native-types.gen.ts';
import type { BuildRecord } from '../build.ts';
import type { BuildContext } from '../build-options.ts';
import { familiarName } from '../familiar-name.ts';
import { parseSource } from './build-source.ts';

type GivenContext = NonNullable<NewBuild['BuildContexts']>[number];

const NAME = /^[a-z0-9][a-z0-9._/-]{0,126}(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$/;
const IMAGE = /^[\x21-\x7e]{1,511}$/;

/** Parses the contexts in a request. Throws `InvalidParameter` that names the field. */
export function parseContexts(given: readonly GivenContext[], field: string): readonly BuildContext[] | undefined {
  const contexts = given.map((entry, at) => parseContext(entry, `${field}[${at}]`));
  const names = contexts.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw invalidParameter(field, `the name ${JSON.stringify(twice)} is given twice.`);
  return contexts.length === 0 ? undefined : contexts;
}

/** The contexts, as the API shows them. */
export function contextFields(contexts: readonly BuildContext[]) {
  return contexts.map((context) => {
    const { name: Name, kind: Kind } = context;
    if (context.kind === 'image') return { Name, Kind, Image: context.image };
    if (context.kind === 'git') return { Name, Kind, GitUrl: context.url, Ref: context.ref };
    // Leave out the id, which would let others build from the folder.
    return { Name, Kind };
  });
}

/** The folders that were sent for a build and are removed with it. */
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
      `${JSON.stringify(Name)} is not a valid name for FROM: use lower-case letters, digits, dots, dashes, underscores and slashes, and optionally a tag.`,
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
