import { type Advisory, isObject, objectsOf, type ReadAdvisories, textsOf } from './advisory.ts';

/** Whether JSON is a file of https://secdb.alpinelinux.org/ */
export function isAlpineSecdb(json: Record<string, unknown>): boolean {
  return typeof json.distroversion === 'string' && typeof json.reponame === 'string' && Array.isArray(json.packages);
}

/** What a file of Alpine's is about, as `v3.19/main`. */
export function alpineBranch(json: Record<string, unknown>): string {
  return `${String(json.distroversion)}/${String(json.reponame)}`;
}

/** Reads a file of a branch: which version of a package fixes what. It says nothing of severities. */
export function readAlpineSecdb(json: Record<string, unknown>): ReadAdvisories {
  const advisories = objectsOf(json.packages).flatMap(({ pkg }): Advisory[] => {
    const { name, secfixes } = isObject(pkg) ? pkg : {};
    if (typeof name !== 'string' || !isObject(secfixes)) return [];
    return Object.entries(secfixes).flatMap(([version, names]) => {
      // Version 0 says that the package was never affected.
      if (version === '0') return [];
      return textsOf(names).flatMap((text): Advisory[] => {
        const [first = '', ...others] = text.split(' ').filter(Boolean);
        if (first === '') return [];
        const fix = { Severity: 'Unknown' as const, Ranges: [{ Introduced: '0', Fixed: version }] };
        const alias = others[0] === undefined ? {} : { Alias: others[0] };
        const link = { Link: `https://security.alpinelinux.org/vuln/${first}` };
        return [
          { Ecosystem: `Alpine:${String(json.distroversion)}`, Package: name, Name: first, ...alias, ...link, ...fix },
        ];
      });
    });
  });
  return { advisories, dataMs: undefined };
}
