import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import dockerIgnore from '@balena/dockerignore';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/**
 * The files of a folder that belong to its source, by relative paths with `/` between the parts, each folder before its
 * content.
 */
export interface SourceFiles {
  paths: string[];
  /** Sockets, pipes and devices: an archive of sources cannot contain them. */
  special: string[];
}

/**
 * Lists a folder as `docker build` sees it: all files, links and folders, including `.git`, without those that the
 * Dockerfile's own `.dockerignore` names, or else the folder's. The Dockerfile and both of these files are always
 * included: the builder needs them, and keeps them out of what steps can copy.
 */
export async function listSourceFiles(folder: string, dockerfile: string): Promise<SourceFiles> {
  const rules = await readRules(folder, [`${dockerfile}.dockerignore`, '.dockerignore']);
  const found: SourceFiles = { paths: [], special: [] };
  await walk(
    { folder, rules, always: new Set([dockerfile, '.dockerignore', `${dockerfile}.dockerignore`]) },
    '',
    found,
  );
  return found;
}

interface Rules {
  leaveOut(path: string): boolean;
  /** A later pattern may include again what an earlier one excludes, even deep in an excluded folder. */
  haveExceptions: boolean;
}

async function readRules(folder: string, names: string[]): Promise<Rules> {
  for (const name of names) {
    const text = await readOptional(join(folder, name));
    if (text === undefined) continue;
    const patterns = dockerIgnore.default({ ignorecase: false }).add(text.replace(/^\uFEFF/, ''));
    const haveExceptions = text.split('\n').some((line) => line.trimStart().startsWith('!'));
    return { leaveOut: (path) => patterns.ignores(path), haveExceptions };
  }
  return { leaveOut: () => false, haveExceptions: false };
}

interface Walk {
  folder: string;
  rules: Rules;
  always: Set<string>;
}

/** Returns whether anything below `path` was found. */
async function walk(look: Walk, path: string, found: SourceFiles): Promise<boolean> {
  const before = found.paths.length;
  for (const child of (await readFolder(join(look.folder, path))).sort(byName)) {
    const name = path === '' ? child.name : `${path}/${child.name}`;
    // Node has lost its bytes, so the file cannot be found again.
    if (child.name.includes('\uFFFD') && !look.rules.leaveOut(name))
      throw new CliError(
        EXIT_CODES.usage,
        `the name ${JSON.stringify(name)} is not UTF-8; rename the file, or exclude it with .dockerignore`,
      );
    if (child.isDirectory()) await enter(look, name, found);
    else if (look.always.has(name) || !look.rules.leaveOut(name))
      (child.isFile() || child.isSymbolicLink() ? found.paths : found.special).push(name);
  }
  return found.paths.length > before;
}

/** An excluded folder is still listed if something in it is included. */
async function enter(look: Walk, name: string, found: SourceFiles): Promise<void> {
  const isLeftOut = look.rules.leaveOut(name);
  const holdsAlways = [...look.always].some((path) => path.startsWith(`${name}/`));
  if (isLeftOut && !look.rules.haveExceptions && !holdsAlways) return;
  const at = found.paths.push(name);
  if (!(await walk(look, name, found)) && isLeftOut) found.paths.splice(at - 1);
}

function byName(one: Dirent, other: Dirent): number {
  return one.name < other.name ? -1 : 1;
}

async function readFolder(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CliError(EXIT_CODES.usage, `the folder ${folder} cannot be read (${code})`, { cause });
  }
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new CliError(EXIT_CODES.usage, `${file} cannot be read (${code})`, { cause });
  }
}
