import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { expandScpForm, withoutTrailingSlashes } from '#source/hosts/ssh-url.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import { type GitRun, runGit } from './git-run.ts';
import type { Gitlink } from './git-tree.ts';

/** A submodule with the address that `.gitmodules` gives for its path. */
export interface Submodule extends Gitlink {
  url: string;
}

/** How deep submodules may be nested, and how many a source may have in total. */
export const SUBMODULE_DEPTH = 3;
export const SUBMODULE_COUNT = 20;

/**
 * The submodules of a fetched tree with their addresses, relative ones resolved against the repository's own. Git's own
 * `submodule` command is not used: it takes more from `.gitmodules` than path and address. Throws `BuildFailed`.
 */
export async function findSubmodules(run: GitRun, links: readonly Gitlink[], parentUrl: string): Promise<Submodule[]> {
  const { stdout } = await runGit(run, ['config', '--blob=FETCH_HEAD:.gitmodules', '--null', '--list'], {
    mayFail: true,
  });
  const fields = new Map(stdout.split('\0').map((entry) => splitAt(entry, entry.indexOf('\n'))));
  const urls = new Map<string, string>();
  for (const [key, path] of fields) {
    const name = /^(submodule\..+)\.path$/s.exec(key)?.[1];
    const url = name && fields.get(`${name}.url`);
    if (url) urls.set(path, url);
  }
  return links.map((link) => {
    const url = urls.get(link.path);
    if (url === undefined)
      throw new BuildFailed('source-submodule', `.gitmodules has no address for the submodule ${link.path}`);
    return { ...link, url: resolveUrl(url, parentUrl) };
  });
}

/** The folder that git made for a submodule at checkout. Throws `BuildFailed` if a link leads elsewhere. */
export async function submoduleFolder(tree: string, path: string): Promise<string> {
  const top = await realpath(tree);
  const folder = join(top, path);
  const real = await realpath(folder).catch(() => undefined);
  if (real !== folder || !folder.startsWith(`${top}/`))
    throw new BuildFailed('source-submodule', `the submodule ${path} is not in a folder of the source`);
  return folder;
}

/** An address as shown in logs: the part before an `@` may be a password. */
export function shownUrl(url: string): string {
  return url.replace(/^([^/]*\/\/)([^/@]*)@/, (all, start: string, user: string) =>
    user.includes(':') ? `${start}***@` : all,
  );
}

/** `../lib.git` is next to the repository, as in gitmodules(5); `git@host:path` is SSH. */
export function resolveUrl(url: string, parentUrl: string): string {
  if (!/^\.\.?\//.test(url)) return expandScpForm(url);
  return URL.parse(url, `${withoutTrailingSlashes(parentUrl)}/`)?.href ?? url;
}

function splitAt(text: string, at: number): [string, string] {
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
