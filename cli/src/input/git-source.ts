/** Includes SSH and its short form `git@host:path`: the server refuses them with a message that says what to do. */
export const GIT_ADDRESS = /^((https?|ssh):\/\/|[\w.-]+@[\w.-]+:)/;

/** The request fields for `URL#REF`. */
export function gitSource(source: string): { GitUrl: string; Ref?: string } {
  // The first `#` ends the address: a branch name may contain more.
  const at = source.indexOf('#');
  const [url, ref] = at < 0 ? [source, ''] : [source.slice(0, at), source.slice(at + 1)];
  return { GitUrl: url, ...(ref === '' ? {} : { Ref: ref }) };
}
