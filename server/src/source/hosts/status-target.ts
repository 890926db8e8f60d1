import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import { withoutTrailingSlashes } from './ssh-url.ts';

/** The APIs of code hosts that take statuses of commits. */
export const STATUS_APIS = ['GITHUB', 'GITLAB', 'GITEA', 'GITEE'] as const;

export type StatusApi = (typeof STATUS_APIS)[number];

/** Where a code host takes statuses of commits. */
export interface StatusTarget {
  api: StatusApi;
  /** Without a trailing slash. */
  apiUrl: string;
}

/** The path of each API below the base URL of repositories, from its documentation. */
const PATHS: Record<StatusApi, string> = {
  GITHUB: '/api/v3',
  GITLAB: '/api/v4',
  GITEA: '/api/v1',
  GITEE: '/api/v5',
};

const GITHUB = { host: 'github.com', apiUrl: 'https://api.github.com' };

/**
 * Where to send statuses: as given, or derived from the base URL of repositories. Throws `InvalidParameter`, and
 * `MissingParameter` for an address that cannot be derived.
 */
export function parseStatusTarget(api: string, baseUrl: string, url: string | undefined): StatusTarget {
  const known = STATUS_APIS.find((each) => each === api);
  if (known === undefined)
    throw invalidParameter('StatusApi', `${JSON.stringify(api)} is not one of ${STATUS_APIS.join(', ')}.`);
  if (url !== undefined) return { api: known, apiUrl: parseApiUrl(url) };
  if (baseUrl.startsWith('ssh:')) throw missingParameter('StatusUrl');
  const isGitHub = known === 'GITHUB' && new URL(baseUrl).host === GITHUB.host;
  return { api: known, apiUrl: isGitHub ? GITHUB.apiUrl : `${baseUrl}${PATHS[known]}` };
}

function parseApiUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw invalidParameter('StatusUrl', 'it is not an https:// or http:// address.');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw invalidParameter('StatusUrl', 'it must have only a host and a path; give the token in its own field.');
  return withoutTrailingSlashes(url.href);
}
