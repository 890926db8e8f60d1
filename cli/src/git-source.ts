/** SSH too, and its short form `git@host:path`: the server refuses them, and knows what to do instead. */
export const GIT_ADDRESS = /^((https?|ssh):\/\/|[\w.-]+@[\w.-]+:)/;

/** The fields of a request for `URL#REF`. */
export function gitSource(source: string): { GitUrl: string; Ref?: string } {
  // The first `#` ends the address: the name of a branch may have others.
  const at = source.indexOf('#');
  const [url, ref] = at < 0 ? [source, ''] : [source.slice(0, at), source.slice(at + 1)];
  return { GitUrl: url, ...(ref === '' ? {} : { Ref: ref }) };
}
