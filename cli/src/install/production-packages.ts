import { dirname } from 'node:path';

/** What `package-lock.json` says of one package, by the folder that it is in. */
export interface LockedPackage {
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The packages that run an installed Slipway. The console is installed as it was built, and needs none. */
const RUNNING = ['cli', 'server'];

/**
 * The folders below `node_modules` that the server and the command line load, by the lock file: what their package.json
 * names, and what that names in turn. Each is found as Node finds it: in the nearest `node_modules` at or above its
 * user. A nested folder comes with the one around it and is not named. Optional packages may be missing on this
 * machine.
 */
export function productionPackages(packages: Readonly<Record<string, LockedPackage>>): string[] {
  const found = new Set<string>();
  const follow = (folder: string) => {
    const { dependencies, optionalDependencies, peerDependencies } = packages[folder] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const place = nearest(packages, folder, name);
      if (place === undefined || found.has(place)) continue;
      found.add(place);
      const { link, resolved } = packages[place] ?? {};
      follow(link === true && resolved !== undefined ? resolved : place);
    }
  };
  for (const folder of RUNNING) follow(folder);
  // The root's own optional packages are the Node that runs it all.
  for (const name of Object.keys(packages['']?.optionalDependencies ?? {})) found.add(`node_modules/${name}`);
  return [...found].filter((place) => !place.slice('node_modules/'.length).includes('/node_modules/')).sort();
}

function nearest(packages: Readonly<Record<string, LockedPackage>>, user: string, name: string): string | undefined {
  for (let folder = user; ; folder = folder === '' || folder === '.' ? '' : dirname(folder)) {
    const place = folder === '' || folder === '.' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (place in packages) return place;
    if (folder === '' || folder === '.') return undefined;
  }
}
