import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT } from './slipway.ts';

/** What checks addresses only, and touches no socket. */
const ADDRESS_CHECKS = /^import \{ (?:type )?(?:BlockList|isIP|isIPv4|isIPv6|, )+ \} from 'node:net';/gm;

/** All source files of the packages, without their tests. */
export const sources = globSync(
  ['{server,logbook,program,client,cli,console}/src/**/*.{ts,tsx}', 'console/docs/*.ts'],
  { cwd: ROOT },
)
  .filter((file) => !isTest(file))
  .sort();

const importsBetween = sources.flatMap((from) =>
  importsOf(from).map((target) => ({ from, to: pathOf(from, target) ?? target })),
);

/** An import from one folder of a root into another, or into another package. */
interface Edge {
  file: string;
  target: string;
  from: string;
  to: string;
}

export function edgesOf(root: string): Edge[] {
  const files = sources.filter((file) => file.startsWith(`${root}/`));
  const all = files.flatMap((file) =>
    importsOf(file).map((target) => ({ file, target, from: folderIn(root, file), to: folderAt(root, file, target) })),
  );
  return all.filter((edge): edge is Edge => edge.to !== undefined && edge.to !== edge.from);
}

/** The first folder below a root; `.` for files directly there. */
export function folderIn(root: string, file: string): string {
  const [first = '.', ...rest] = file.slice(root.length + 1).split('/');
  return rest.length === 0 ? '.' : first;
}

/** The folder of a root, or the package, that an import leads to; undefined if the table has neither. */
function folderAt(root: string, file: string, target: string): string | undefined {
  const path = pathOf(file, target);
  if (path?.startsWith(`${root}/`)) return folderIn(root, path);
  return root === 'server/src' ? /^@slipway\/(\w+)/.exec(target)?.[1] : undefined;
}

/** The path of an import, relative to the checkout; undefined for packages. */
export function pathOf(file: string, target: string): string | undefined {
  if (target.startsWith('#')) return `server/src/${target.slice(1)}`;
  return target.startsWith('.') ? normalize(join(dirname(file), target)) : undefined;
}

/** The folders that a file is in, from the nearest to that of its package. */
export function foldersAbove(file: string): string[] {
  const folder = dirname(file);
  return folder.includes('/') ? [folder, ...foldersAbove(folder)] : [];
}

/** The imports between what is directly in a folder that are part of a cycle, as sentences; types count too. */
export function cyclesIn(folder: string): string[] {
  const entryOf = (path: string) =>
    path.startsWith(`${folder}/`) ? path.slice(folder.length + 1).split('/')[0] : undefined;
  let edges = importsBetween.filter(({ from, to }) => {
    const [entry, other] = [entryOf(from), entryOf(to)];
    return entry !== undefined && other !== undefined && entry !== other;
  });
  for (let before = Number.POSITIVE_INFINITY; edges.length < before; ) {
    before = edges.length;
    const importing = new Set(edges.map(({ from }) => entryOf(from)));
    const imported = new Set(edges.map(({ to }) => entryOf(to)));
    edges = edges.filter(({ from, to }) => imported.has(entryOf(from)) && importing.has(entryOf(to)));
  }
  return edges.map(({ from, to }) => `${from} imports ${to}`);
}

export function isTest(file: string): boolean {
  return /\.(test|contract)\.ts$|\/testing\//.test(file);
}

export function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

export function importsOf(file: string): string[] {
  return [...read(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

export function valueImportsOf(file: string): string[] {
  const text = read(file)
    .replace(/^(?:import|export) type [^;]*;/gm, '')
    .replace(ADDRESS_CHECKS, '');
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}
