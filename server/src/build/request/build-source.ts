import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import type { NewBuild } from '#rpc/native-types.gen.ts';
import { expandScpForm } from '#source/hosts/ssh-url.ts';
import { isWholeId, refNameMistake } from '#source/ref-name.ts';
import type { BuildSource } from '#source/source.ts';

/** A key opens everything its host allows, so an address alone must not select one. Only those who bind a repository may. */
const SSH_FIX =
  'needs a key, which a build from an address does not have. Run slipway source set TYPE --base-url ssh://… --ssh-key FILE --known-hosts FILE, ' +
  'bind a repository to it with CreateRepository, CreateRepoSourceCodeRepo and CreateRepoBuildRule, and build it with CreateBuildRecordByRule';

/** Parses a source: a folder that was sent, or a Git address. Throws `ApiError` that names the field. */
export function parseSource(
  { ArchiveId, Name = 'source', GitUrl: url, Ref }: NewBuild['Source'],
  field = 'Source',
): BuildSource {
  if (ArchiveId !== undefined) return { kind: 'archive', archiveId: ArchiveId.toLowerCase(), name: Name.slice(0, 255) };
  if (url === undefined) throw missingParameter(`${field}.GitUrl`);
  if (expandScpForm(url).startsWith('ssh://'))
    throw invalidParameter(`${field}.GitUrl`, `${JSON.stringify(url)} ${SSH_FIX}`);
  if (!/^https?:\/\//.test(url))
    throw invalidParameter(`${field}.GitUrl`, `${JSON.stringify(url)} is not an http:// or https:// address`);
  // Do not show the address: it may contain a password.
  const { username = '', password = '' } = URL.parse(url) ?? {};
  if (username !== '' || password !== '')
    throw invalidParameter(
      `${field}.GitUrl`,
      'it contains a user or a password, which the server would show; bind the repository to its code host instead',
    );
  return { kind: 'git', url, ref: parseRef(Ref, field) };
}

/** A branch, a tag, a full commit id, HEAD, or a name under refs/. HEAD by default. */
function parseRef(ref = 'HEAD', field: string): string {
  if (ref === 'HEAD') return ref;
  if (isWholeId(ref.toLowerCase())) return ref.toLowerCase();
  const mistake = refNameMistake(ref);
  if (mistake === undefined) return ref;
  throw invalidParameter(`${field}.Ref`, `${JSON.stringify(ref)} is not the name of a branch or tag: ${mistake}`);
}
