import { isWholeId, shownRef } from '#source/ref-name.ts';
import type { GitRemote } from './git-remote.ts';
import { STALL_SECONDS } from './git-run.ts';

/** Why git could not fetch, whether a retry may help, and whether a setting is at fault (the message names it). */
export interface FetchFailure {
  fault: 'source' | 'settings';
  message: string;
  passing: boolean;
}

/**
 * Turns the last output of git or ssh into a sentence that names the mistake; `wanted` is a full ref name or a commit
 * id.
 */
export function fetchFailure(stderr: string, remote: GitRemote, wanted: string): FetchFailure {
  const { shown, host, login, proxy } = remote;
  const way = proxy === undefined ? '' : ` through the proxy ${proxy}`;
  const last = (message: string): FetchFailure => ({ fault: 'source', message, passing: false });
  const bySetting = (message: string): FetchFailure => ({ ...last(message), fault: 'settings' });
  const short = shownRef(wanted.replace(/^refs\/(heads|tags)\//, ''));
  const kind = isWholeId(wanted) ? 'commit' : wanted.startsWith('refs/tags/') ? 'tag' : 'branch';
  if (/Host key verification failed/.test(stderr))
    return bySetting(
      `the source host ${host} has a different host key than those set for it: it is another machine, or its key was changed (slipway source set … --known-hosts replaces them)`,
    );
  if (login && !('token' in login) && /Permission denied \(/.test(stderr))
    return bySetting(`${host} does not accept the SSH key that is set for this code host (${login.fingerprint})`);
  if (/couldn't find remote ref|no such ref was fetched|not our ref/.test(stderr))
    return last(`there is no ${kind} ${short} in ${shown}`);
  const refused = /code (\d{3}) from proxy after CONNECT|CONNECT tunnel failed, response (\d{3})/.exec(stderr);
  if (refused) return bySetting(`the proxy ${proxy} does not lead to ${host} (HTTP ${refused[1] ?? refused[2]})`);
  if (/certificate/i.test(stderr) && /verif|issuer|expired|subject name|SSL certificate problem/i.test(stderr))
    return bySetting(`the certificate of ${host} is not trusted (setting trusted-ca-file): ${lastWords(stderr)}`);
  const redirect = /returned error: (30[12378])/.exec(stderr);
  if (redirect)
    return last(
      `${shown} redirects (HTTP ${redirect[1]}), which Slipway does not follow: use the address that it redirects to`,
    );
  if (/Authentication failed|could not read Username|returned error: 40[13]/.test(stderr))
    return login
      ? bySetting(`${shown} does not accept the token that is set for this code host, or does not exist`)
      : last(`${shown} asks for credentials, or does not exist`);
  if (/fsck error/.test(stderr))
    return last(`git refuses the content of ${shown}: ${/: (\w+): .*$/m.exec(stderr)?.[1] ?? 'malformed objects'}`);
  if (/not found|returned error: 404|does not appear to be a git repository/i.test(stderr))
    return last(`there is no repository at ${shown}`);
  // A retry would wait just as long.
  if (/too slow|transferred the last \d+ seconds/i.test(stderr))
    return last(`the source host ${host} stopped answering: no data for ${STALL_SECONDS} seconds`);
  if (UNREACHABLE.test(stderr)) return { ...last(`the source host ${host} cannot be reached${way}`), passing: true };
  return last(`git could not fetch ${short} from ${shown}`);
}

const UNREACHABLE =
  /Failed to connect|Could not resolve|Connection (refused|timed out|reset|closed)|timed out|No route to host|Network is unreachable/i;

/** The last line of git's output, without the address that it repeats. */
function lastWords(stderr: string): string {
  return (
    stderr
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^fatal: unable to access '[^']*': /, '') ?? ''
  );
}
