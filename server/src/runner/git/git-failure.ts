import type { FailureKind } from '#build/failure/failure-kind.ts';
import { withoutControls } from '#rpc/control-characters.ts';
import { isWholeId, shownRef } from '#source/ref-name.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import type { GitRemote } from './git-remote.ts';
import { STALL_SECONDS } from './git-run.ts';

/** Why git could not fetch, and whether a retry may help. */
export interface FetchFailure {
  failure: BuildFailed;
  passing: boolean;
}

/**
 * Turns the last output of git or ssh into the failure of a build that names the mistake; `wanted` is a full ref name or a
 * commit id.
 */
export function fetchFailure(output: string, remote: GitRemote, wanted: string): FetchFailure {
  const { shown, host, login, proxy } = remote;
  const { own, refusal } = whoSaidWhat(output);
  // Git repeats the address and names, which a tenant chooses. The name that is wanted may have an apostrophe.
  const stderr = own
    .replaceAll(remote.url, '')
    .replaceAll(shown, '')
    .replaceAll(wanted, '')
    .replace(/'[^'\n]*'/g, "''");
  const isHttp = /^https?:/.test(remote.url);
  const way = proxy === undefined ? '' : ` through the proxy ${proxy}`;
  const facts = { url: shown, host: host.replace(/:\d{1,5}$/, '') };
  const end = (kind: FailureKind, message: string): FetchFailure => {
    return { failure: new BuildFailed(kind, message, { facts }), passing: kind === 'source-host-unreachable' };
  };
  const short = shownRef(wanted.replace(/^refs\/(heads|tags)\//, ''));
  const what = isWholeId(wanted) ? 'commit' : wanted.startsWith('refs/tags/') ? 'tag' : 'branch';
  if (!isHttp && /Host key verification failed/.test(stderr))
    return end(
      'source-host-key',
      `the source host ${host} has a different host key than those set for it: it is another machine, or its key was changed (slipway source set … --known-hosts replaces them)`,
    );
  if (login && !('token' in login) && /Permission denied \(/.test(stderr))
    return end(
      'source-key-refused',
      `${host} does not accept the SSH key that is set for this code host (${login.fingerprint})`,
    );
  if (/couldn't find remote ref|no such ref was fetched|not our ref/.test(stderr) || /\bnot our ref\b/.test(refusal))
    return end('source-ref-missing', `there is no ${what} ${short} in ${shown}`);
  const refused = /code (\d{3}) from proxy after CONNECT|CONNECT tunnel failed, response (\d{3})/.exec(stderr);
  if (proxy !== undefined && refused)
    return end(
      'source-proxy-refused',
      `the proxy ${proxy} does not lead to ${host} (HTTP ${refused[1] ?? refused[2]})`,
    );
  if (
    isHttp &&
    /certificate/i.test(stderr) &&
    /verif|issuer|expired|subject name|SSL certificate problem/i.test(stderr)
  )
    return end(
      'source-certificate',
      `the certificate of ${host} is not trusted (setting trusted-ca-file): ${lastWords(own)}`,
    );
  const redirect = /returned error: (30[12378])/.exec(stderr);
  if (isHttp && redirect)
    return end(
      'source-redirected',
      `${shown} redirects (HTTP ${redirect[1]}), which Slipway does not follow: use the address that it redirects to`,
    );
  if (isHttp && /Authentication failed|could not read Username|returned error: 40[13]/.test(stderr))
    return login
      ? end(
          'source-login-refused',
          `${shown} does not accept the token that is set for this code host, or does not exist`,
        )
      : end('source-login-needed', `${shown} asks for credentials, or does not exist`);
  if (/fsck error/.test(stderr))
    return end(
      'source-content-refused',
      `git refuses the content of ${shown}: ${/: (\w+): .*$/m.exec(stderr)?.[1] ?? 'malformed objects'}`,
    );
  if (/not found|returned error: 404|does not appear to be a git repository/i.test(stderr))
    return end('source-repository-missing', `there is no repository at ${shown}`);
  // A retry would wait just as long.
  if (/too slow|transferred the last \d+ seconds/i.test(stderr))
    return end(
      'source-host-stalled',
      `the source host ${host} stopped answering: no data for ${STALL_SECONDS} seconds`,
    );
  if (UNREACHABLE.test(stderr))
    return end('source-host-unreachable', `the source host ${host} cannot be reached${way}`);
  const said =
    refusal === '' ? '' : `; the server said: ${withoutControls(JSON.stringify(refusal.slice(0, SAID_LIMIT_CHARS)))}`;
  return end('source-fetch-failed', `git could not fetch ${short} from ${shown}${said}`);
}

const SAID_LIMIT_CHARS = 300;
const REMOTE_ERROR = 'fatal: remote error: ';

/**
 * Divides the output into what git and ssh say themselves, and the error with which the other side ended. That side chooses all
 * lines of its messages, and of its error, which is the last that git prints.
 */
function whoSaidWhat(output: string): { own: string; refusal: string } {
  const lines = output.split(/[\n\r]/);
  const at = lines.findIndex((line) => line.startsWith(REMOTE_ERROR));
  const end = at === -1 ? lines.length : at;
  const own = lines.slice(0, end).filter((line) => !line.startsWith('remote: '));
  return { own: own.join('\n'), refusal: lines.slice(end).join(' ').slice(REMOTE_ERROR.length).trim() };
}

const UNREACHABLE =
  /Failed to connect|Could not resolve|Connection (refused|timed out|reset|closed)|timed out|No route to host|Network is unreachable/i;

/** The last line of git's output, without the address that it repeats. A certificate may say anything. */
function lastWords(stderr: string): string {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return withoutControls(last.replace(/^fatal: unable to access '[^']*': /, ''));
}
