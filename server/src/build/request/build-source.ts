import { invalidParameter, missingParameter } from '#rpc/api-error.ts';
import { isWholeId, refNameMistake } from '#source/ref-name.ts';
import type { BuildSource } from '#source/source.ts';
import { expandScpForm } from '#source/ssh-url.ts';

/** A key opens what its host gives to it, so an address alone must not choose it: who binds a repository may. */
const SSH_MEND =
  'needs a key, which a build of an address has not: slipway source set TYPE --base-url ssh://… --ssh-key FILE --known-hosts FILE, ' +
  'then CreateRepository, CreateRepoSourceCodeRepo and CreateRepoBuildRule bind a repository to it, and CreateBuildRecordByRule builds it';

/** Reads where a source is: a folder that was sent, or a Git address. Throws `ApiError`, naming the field. */
export function parseSource(value: unknown, field = 'Source'): BuildSource {
  if (value === undefined) throw missingParameter(field);
  const fields = asObject(value, field);
  if (fields.ArchiveId !== undefined) {
    const name = optionalText(fields, 'Name') ?? 'source';
    return { kind: 'archive', archiveId: text(fields, 'ArchiveId').toLowerCase(), name: name.slice(0, 255) };
  }
  const url = text(fields, 'GitUrl');
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
  return { kind: 'git', url, ref: parseRef(optionalText(fields, 'Ref'), field) };
}

/** A branch, a tag, a commit's whole id, HEAD, or a name below refs/; HEAD where none is given. */
function parseRef(ref = 'HEAD', field: string): string {
  if (ref === 'HEAD') return ref;
  if (isWholeId(ref.toLowerCase())) return ref.toLowerCase();
  const mistake = refNameMistake(ref);
  if (mistake === undefined) return ref;
  throw invalidParameter(`${field}.Ref`, `${JSON.stringify(ref)} is not the name of a branch or tag: ${mistake}`);
}

/** A JSON object, or `InvalidParameter`. */
export function asObject(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalidParameter(name, 'it is not a JSON object');
}

/** A text field that must be there. */
export function text(fields: Record<string, unknown>, name: string): string {
  const value = fields[name];
  if (value === undefined || value === '') throw missingParameter(name);
  if (typeof value !== 'string' || value.length > 4096)
    throw invalidParameter(name, 'it is not a text of at most 4096 characters');
  return value;
}

/** A text field; undefined where it is absent or empty. */
export function optionalText(fields: Record<string, unknown>, name: string): string | undefined {
  return fields[name] === undefined || fields[name] === '' ? undefined : text(fields, name);
}
