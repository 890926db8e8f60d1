/** A step of the way to a page; the last one is the page itself and has no link. */
export interface Crumb {
  label: string;
  to?: string;
}

/** Words for the first part of an address. */
const SECTIONS: Readonly<Record<string, string>> = {
  builds: 'Builds',
  repositories: 'Repositories',
  charts: 'Charts',
  explorer: 'API',
  access: 'Access',
};
/** Words for later parts, where they are no names: of a section, by place. */
const LATER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'access 0': { users: 'Users', groups: 'Groups', roles: 'Roles', policies: 'Policies' },
  'builds 1': { diff: 'Difference' },
};
/** Pages with tabs: a tab says itself where it is. */
const TABBED = new Set(['repositories', 'registry', 'charts']);
/** Addresses above a page that are no pages themselves. */
const NO_PAGE = '/access/users';
/** A tab of its section, or a part of an address that tells nothing to a reader. */
const TAB_OF_ACCESS = /^\/access\/[^/]+$/;
const POLICY_TYPE = /^\/access\/policies\/[^/]+$/;
const BUILD_ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/**
 * The way to the page at a path below `/console`, if it is not at the top of the menu. `repository` is that of the
 * build at the path, if it is known.
 */
export function crumbsOf(pathname: string, repository?: string): Crumb[] {
  const [section = '', ...names] = pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const label = wordOf(SECTIONS, section);
  if (label === undefined || names.length === 0 || TAB_OF_ACCESS.test(pathname)) return [];
  const steps: Crumb[] = [{ label, to: `/${section}` }];
  if (section === 'builds' && repository !== undefined)
    steps.push({ label: repository, to: `/repositories/${repository}` });
  if (TABBED.has(section)) steps.push({ label: names.slice(0, 2).join('/') });
  else
    names.forEach((name, index) => {
      const to = `/${[section, ...names.slice(0, index + 1)].map(encodeURIComponent).join('/')}`;
      if (POLICY_TYPE.test(to)) return;
      const label = BUILD_ID.test(name) ? name.slice(0, 8) : (wordOf(LATER[`${section} ${index}`] ?? {}, name) ?? name);
      steps.push(to === NO_PAGE ? { label } : { label, to });
    });
  const last = steps.at(-1);
  if (last) delete last.to;
  return steps;
}

/** Addresses are typed by anyone: `__proto__` is a name like others. */
function wordOf(words: Readonly<Record<string, string>>, part: string): string | undefined {
  return Object.hasOwn(words, part) ? words[part] : undefined;
}

/** An address that someone typed can hold a percent sign that begins no code. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
