import type { OpenStatuses } from '#source/hosts/code-host.ts';
import type { StatusApi } from '#source/hosts/status-target.ts';
import type { Commit, CommitState, CommitStatus } from './commit-status.ts';

/** Where to send the status of a commit, and with what. */
export interface StatusCall {
  url: string;
  headers: Record<string, string>;
  /** Sent as JSON. */
  body: Record<string, unknown>;
}

interface ApiForm {
  headers(token: string): Record<string, string>;
  call(commit: Commit, status: CommitStatus, token: string): { path: string; body: Record<string, unknown> };
}

const GITHUB_STATES: Record<CommitState, string> = {
  waiting: 'pending',
  building: 'pending',
  success: 'success',
  failure: 'failure',
  error: 'error',
  cancelled: 'error',
};

const GITLAB_STATES: Record<CommitState, string> = {
  waiting: 'pending',
  building: 'running',
  success: 'success',
  failure: 'failed',
  error: 'failed',
  cancelled: 'canceled',
};

const GITEE_STATES: Record<CommitState, { status: string; conclusion?: string }> = {
  waiting: { status: 'queued' },
  building: { status: 'in_progress' },
  success: { status: 'completed', conclusion: 'success' },
  failure: { status: 'completed', conclusion: 'failure' },
  error: { status: 'completed', conclusion: 'failure' },
  cancelled: { status: 'completed', conclusion: 'cancelled' },
};

/** Gitea's API is like GitHub's, except for the authorization header. */
const gitHubCall: ApiForm['call'] = ({ namespaceName, name, commitId }, status) => ({
  path: `/repos/${namespaceName}/${name}/statuses/${commitId}`,
  body: {
    state: GITHUB_STATES[status.state],
    target_url: status.url,
    description: shortened(status.description, 140),
    context: status.name,
  },
});

/** From the documentation of each API. */
const FORMS: Record<StatusApi, ApiForm> = {
  GITHUB: {
    headers: (token) => ({ authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' }),
    call: gitHubCall,
  },
  GITEA: {
    headers: (token) => ({ authorization: `token ${token}` }),
    call: gitHubCall,
  },
  GITLAB: {
    headers: (token) => ({ 'private-token': token }),
    call: ({ namespaceName, name, commitId }, status) => ({
      path: `/projects/${encodeURIComponent(`${namespaceName}/${name}`)}/statuses/${commitId}`,
      body: {
        state: GITLAB_STATES[status.state],
        target_url: status.url,
        description: shortened(status.description, 255),
        name: status.name,
      },
    }),
  },
  GITEE: {
    headers: () => ({}),
    call: ({ namespaceName, name, commitId }, status, token) => ({
      path: `/repos/${namespaceName}/${name}/check-runs`,
      body: {
        access_token: token,
        head_sha: commitId,
        name: status.name,
        ...GITEE_STATES[status.state],
        details_url: status.url,
        'output[title]': shortened(status.description, 140),
        'output[summary]': shortened(status.description, 140),
      },
    }),
  },
};

/** The call that sets the status of a commit. */
export function statusCall({ api, apiUrl, token }: OpenStatuses, commit: Commit, status: CommitStatus): StatusCall {
  const form = FORMS[api];
  const { path, body } = form.call(commit, status, token);
  return { url: `${apiUrl}${path}`, headers: { ...form.headers(token), 'user-agent': 'slipway' }, body };
}

/**
 * Whether a reply says that the status was set. GitLab refuses to set a state that a commit already has, which
 * happens if the reply to the first attempt was lost.
 */
export function isStatusSet(api: StatusApi, httpStatus: number, reply: string): boolean {
  if (httpStatus >= 200 && httpStatus < 300) return true;
  return api === 'GITLAB' && httpStatus === 400 && reply.includes('Cannot transition status');
}

function shortened(text: string, limit: number): string {
  const characters = Array.from(text);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}
