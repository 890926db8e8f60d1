import { type BuildSource, type CodeRepoType, cloneUrl } from '../source.ts';
import type { StatusTarget } from './status-target.ts';

/** A code host, as far as its pages are concerned. */
export interface WebHost {
  codeRepoType: CodeRepoType;
  baseUrl: string;
  /** If the host takes statuses of commits, which API it has: it tells a Gitea that is set as another kind. */
  statuses?: Pick<StatusTarget, 'api'> | undefined;
}

/** The pages of a build's source, for a person to open. */
export interface WebAddresses {
  source: string;
  /** Undefined while the commit is unknown. */
  commit: string | undefined;
}

/**
 * The pages of a source at one of the code hosts; undefined for a sent folder, for a host that is reached over SSH, and for an
 * address at none of these hosts, whose pages nobody knows.
 */
export function webAddresses(
  source: BuildSource,
  commitId: string | undefined,
  hosts: readonly WebHost[],
): WebAddresses | undefined {
  if (source.kind === 'archive') return undefined;
  const host = hosts.find((each) =>
    source.kind === 'git' ? isBelow(source.url, each.baseUrl) : each.codeRepoType === source.type,
  );
  if (host === undefined || !/^https?:\/\//.test(host.baseUrl)) return undefined;
  const page = pageOf(source.kind === 'git' ? source.url : cloneUrl(host.baseUrl, source));
  if (page === undefined) return undefined;
  const known = commitId ?? source.commitId;
  return { source: page, commit: known === undefined ? undefined : `${page}${commitFolder(host)}/${known}` };
}

function isBelow(url: string, baseUrl: string): boolean {
  return url.toLowerCase().startsWith(`${baseUrl.toLowerCase()}/`);
}

/** The address without a login, a query and the suffix of a clone. */
function pageOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/$/, '').replace(/\.git$/, '')}`;
}

/** GitLab puts its own pages behind `/-`. */
function commitFolder({ codeRepoType, statuses }: WebHost): string {
  const isGitLab = (codeRepoType === 'GITLAB' || codeRepoType === 'CODE') && (statuses?.api ?? 'GITLAB') === 'GITLAB';
  return isGitLab ? '/-/commit' : '/commit';
}
