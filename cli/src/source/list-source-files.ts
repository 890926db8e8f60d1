import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import dockerIgnore from '@balena/dockerignore';
import ignore, { type Ignore } from 'ignore';
import { CliError, EXIT_CODES } from '../cli-error.ts';

/**
 * The files and links of a folder that belong to its source, by their relative paths (`/` between the parts), sorted.
 * Left out are `.git`, what a `.gitignore` of the folder, below it, or above it in the same work tree names and Git
 * does not track, and what `.dockerignore` names, but never the Dockerfile and `.dockerignore` themselves.
 */
export async function listSourceFiles(
  folder: string,
  options: { dockerfile: string; tracked: readonly string[] },
): Promise<string[]> {
  const rules = await rulesAbove(folder);
  const found = new Set<string>();
  await walk(folder, '', rules, found);
  for (const path of options.tracked) if (await exists(join(folder, path))) found.add(path);
  const isDockerIgnored = await readDockerIgnore(folder);
  const always = new Set([options.dockerfile, '.dockerignore', `${options.dockerfile}.dockerignore`]);
  return [...found].filter((path) => always.has(path) || !isDockerIgnored(path)).sort();
}

/** A `.gitignore` and the folder its patterns are relative to. */
interface Rules {
  base: string;
  patterns: Ignore;
}

async function walk(folder: string, path: string, above: readonly Rules[], found: Set<string>): Promise<void> {
  const here = join(folder, path);
  const rules = [...above, ...(await rulesOf(here))];
  for (const child of await readFolder(here)) {
    if (child.name === '.git') continue;
    const full = join(here, child.name);
    if (isIgnored(full, child.isDirectory(), rules)) continue;
    const name = path === '' ? child.name : `${path}/${child.name}`;
    if (child.isDirectory()) await walk(folder, name, rules, found);
    else found.add(name);
  }
}

/** The newest rule that speaks decides, as Git has it: deeper files after higher ones. */
function isIgnored(full: string, isFolder: boolean, rules: readonly Rules[]): boolean {
  let ignored = false;
  for (const { base, patterns } of rules) {
    const path = relative(base, full).split(sep).join('/') + (isFolder ? '/' : '');
    const verdict = patterns.test(path);
    if (verdict.ignored) ignored = true;
    else if (verdict.unignored) ignored = false;
  }
  return ignored;
}

/** The `.gitignore` files above a folder, up to the top of its work tree; none outside of one. */
async function rulesAbove(folder: string): Promise<Rules[]> {
  const rules: Rules[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (at !== folder) rules.unshift(...(await rulesOf(at)));
    if (await exists(join(at, '.git'))) return rules;
    if (dirname(at) === at) return [];
  }
}

async function rulesOf(folder: string): Promise<Rules[]> {
  const text = await readOptional(join(folder, '.gitignore'));
  return text === undefined ? [] : [{ base: folder, patterns: ignore().add(text) }];
}

async function readDockerIgnore(folder: string): Promise<(path: string) => boolean> {
  const text = await readOptional(join(folder, '.dockerignore'));
  if (text === undefined) return () => false;
  const patterns = dockerIgnore.default({ ignorecase: false }).add(text);
  return (path) => patterns.ignores(path);
}

async function readFolder(folder: string) {
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
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
