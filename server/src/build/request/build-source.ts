import { invalidParameter, missingParameter } from '#rpc/api-error.ts';
import type { NewBuild } from '#rpc/native-types.gen.ts';
import { isWholeId, refNameMistake } from '#source/ref-name.ts';
import type { BuildSource } from '#source/source.ts';
import { expandScpForm } from '#source/ssh-url.ts';

/** A key opens what its host gives to it, so an address alone must not choose it: who binds a repository may. */
const SSH_MEND =
  'needs a key, which a build of an address has not: slipway source set TYPE --base-url ssh://… --ssh-key FILE --known-hosts FILE, ' +
  'then CreateRepository, CreateRepoSourceCodeRepo and CreateRepoBuildRule bind a repository to it, and CreateBuildRecordByRule builds it';

/** Reads where a source is: a folder that was sent, or a Git address. Throws `ApiError`, naming the field. */
export function parseSource(
  { ArchiveId, Name = 'source', GitUrl: url, Ref }: NewBuild['Source'],
  field = 'Source',
): BuildSource {
  if (ArchiveId !== undefined) return { kind: 'archive', archiveId: ArchiveId.toLowerCase(), name: Name.slice(0, 255) };
  if (url === undefined) throw missingParameter(`${field}.GitUrl`);
  if (expandScpForm(url).startsWith('ssh://'))
    throw invalidParameter(`${field}.GitUrl`, `${JSON.stringify(url)} ${SSH_MEND}`);
  if (!/^https?:\/\//.test(url))
    throw invalidParameter(`${field}.GitUrl`, `${JSON.stringify(url)} is not an http:// or https:// address`);
  // Not shown: it may carry a password.
  const { username = '', password = '' } = URL.parse(url) ?? {};
  if (username !== '' || password !== '')
    throw invalidParameter(
      `${field}.GitUrl`,
      'it carries a user or a password, which the server would show; bind the repository to its code host instead',
    );
  return { kind: 'git', url, ref: parseRef(Ref, field) };
}

/** A branch, a tag, a commit's whole id, HEAD, or a name below refs/; HEAD where none is given. */
function parseRef(ref = 'HEAD', field: string): string {
  if (ref === 'HEAD') return ref;
  if (isWholeId(ref.toLowerCase())) return ref.toLowerCase();
  const mistake = refNameMistake(ref);
  if (mistake === undefined) return ref;
  throw invalidParameter(`${field}.Ref`, `${JSON.stringify(ref)} is not the name of a branch or tag: ${mistake}`);
}
