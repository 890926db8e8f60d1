const PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const NAME_LIMIT = 64;

/** `local/NAME` for a folder or a Git address: in lower case, other characters as `-`, cut to the API's limit. */
export function defaultImageName(source: string): string {
  const last =
    source
      .split(/[#?]/, 1)[0]
      ?.split(/[/\\:]/)
      .filter((part) => part !== '')
      .at(-1)
      ?.replace(/\.git$/, '') ?? '';
  const plain = last
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .slice(0, NAME_LIMIT)
    .replace(/[._-]{2,}/g, (run) => (/[._]/.test(run) ? '-' : run))
    .replace(/^[^a-z0-9]+/, '');
  const name = /^.*[a-z0-9]/.exec(plain)?.[0] ?? '';
  return `local/${PART.test(name) ? name : 'image'}`;
}
