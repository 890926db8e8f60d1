import type { FailureRow } from './failure-row.ts';

/** Why a source could not be fetched. */
export const SOURCE_FAILURES = {
  'source-ref-missing': {
    fault: 'source',
    cause: 'The repository has no such branch, tag or commit.',
    fixes: [{ text: 'Compare the name with those that the repository has.', command: 'git ls-remote {url}' }],
  },
  'source-repository-missing': {
    fault: 'source',
    cause: 'There is no repository at the address.',
    fixes: [
      { text: 'Check the address, also that of the code host.', command: 'slipway source list' },
      {
        text: 'Some code hosts answer this for a private repository: set a token.',
        command: setHost('--token-file FILE'),
      },
    ],
  },
  'source-login-needed': {
    fault: 'source',
    cause: 'The code host asks for a login, and none is set. Many hosts do so for a repository that does not exist.',
    fixes: [
      { text: 'Check the address.', command: 'git ls-remote {url}' },
      { text: 'For a private repository, set a token for the code host.', command: setHost('--token-file FILE') },
      {
        text: 'An address has no login: for a private repository, bind the image to a code host with a token.',
        command: 'slipway source bind {repository} CODEHOST OWNER/NAME',
      },
    ],
  },
  'source-login-refused': {
    fault: 'settings',
    cause: 'The code host does not accept the token that is set for it.',
    fixes: [{ text: 'Set a token that may read the repository.', command: setHost('--token-file FILE') }],
  },
  'source-key-missing': {
    fault: 'settings',
    cause: 'The address is an SSH address, and no SSH key is set for its host.',
    fixes: [{ text: 'Set a key.', command: setHost('--ssh-key FILE --known-hosts FILE') }],
  },
  'source-key-refused': {
    fault: 'settings',
    cause: 'The code host does not accept the SSH key that is set for it.',
    fixes: [
      {
        text: 'Add the public key at the code host, or set another key.',
        command: setHost('--ssh-key FILE --known-hosts FILE'),
      },
    ],
  },
  'source-key-unreadable': {
    fault: 'settings',
    cause: 'The SSH key that is set for the code host cannot be read.',
    fixes: [
      { text: 'Set the key again, without a passphrase.', command: setHost('--ssh-key FILE --known-hosts FILE') },
    ],
  },
  'source-host-key': {
    fault: 'settings',
    cause: 'The code host has another host key than those that are set: it is another machine, or its key was changed.',
    fixes: [
      {
        text: 'Ask the owner of the host whether its key changed. If so, set the new one.',
        command: setHost('--known-hosts FILE'),
      },
    ],
  },
  'source-certificate': {
    fault: 'settings',
    cause: 'This server does not trust the certificate of the code host.',
    fixes: [{ text: 'Trust the authority that signed it.', setting: 'trusted-ca-file' }],
  },
  'source-host-unknown': {
    fault: 'source',
    cause: 'The name of the source host cannot be resolved.',
    fixes: [{ text: 'Check the host in the address. Look it up on the server.', command: 'getent hosts {host}' }],
  },
  'source-host-unreachable': {
    fault: 'outside',
    cause: 'The source host did not answer.',
    fixes: [
      { text: 'Build again when the host answers.', rebuild: true },
      { text: 'If this server reaches others only through a proxy, set it.', setting: 'proxy' },
    ],
  },
  'source-host-stalled': {
    fault: 'outside',
    cause: 'The source host stopped sending while the source was fetched.',
    fixes: [{ text: 'Build again.', rebuild: true }],
  },
  'source-address-denied': {
    fault: 'settings',
    cause: 'The source host has a loopback or private address, which sources may not have.',
    fixes: [
      { text: 'For a code host of your own, allow it.', command: setHost('--allow-private') },
      { text: 'Or allow the address for all sources and base images.', setting: 'allow-addresses' },
    ],
  },
  'source-proxy-refused': {
    fault: 'settings',
    cause: 'The proxy does not lead to the source host.',
    fixes: [
      { text: 'Let the proxy pass the host, or check the proxy’s address and login.', setting: 'proxy' },
      { text: 'Or reach the host without the proxy.', setting: 'no-proxy' },
    ],
  },
  'source-redirected': {
    fault: 'source',
    cause: 'The address redirects to another one, which is not followed.',
    fixes: [{ text: 'Use the address that it redirects to.' }],
  },
  'source-content-refused': {
    fault: 'source',
    cause: 'Git found malformed objects in the repository.',
    fixes: [{ text: 'Find the objects in a clone of the repository.', command: 'git fsck --full' }],
  },
  'source-address-malformed': {
    fault: 'source',
    cause: 'The address of the source is not one that can be cloned.',
    fixes: [
      {
        text: 'Write it as https://HOST/PATH, without a user and a password. Logins belong to the code host.',
        command: setHost('--token-file FILE'),
      },
    ],
  },
  'source-fetch-failed': {
    fault: 'source',
    cause: 'Git could not fetch the source. Its own lines are in the log.',
    fixes: [{ text: 'Try the same address from another machine.', command: 'git ls-remote {url}' }],
  },
  'source-too-large': {
    fault: 'settings',
    cause: 'The source is larger than this server allows.',
    fixes: [
      { text: 'Raise the limit.', setting: 'source-limit-mebibytes' },
      { text: 'Or send less: list what the build does not need in .dockerignore.' },
    ],
  },
  'source-too-many-files': {
    fault: 'source',
    cause: 'The source has more files than a build may have.',
    fixes: [{ text: 'List what the build does not need in .dockerignore.' }],
  },
  'source-submodule': {
    fault: 'source',
    cause: 'A submodule of the source cannot be fetched.',
    fixes: [{ text: 'Check the submodules in a clone.', command: 'git submodule status --recursive' }],
  },
  'source-archive': {
    fault: 'source',
    cause: 'The folder that was sent cannot be unpacked.',
    fixes: [{ text: 'Send it again.', command: 'slipway build FOLDER' }],
  },
  'requester-denied': {
    fault: 'settings',
    cause: 'The policies do not allow someone for whom the build would run.',
    fixes: [
      {
        text: 'See which statement denies the action that the message names. Or change the rule as somebody who is allowed.',
        command: 'slipway policy simulate ACTION RESOURCE --user NAME',
      },
    ],
  },
} as const satisfies Record<string, FailureRow>;

/** The command that sets a code host. */
function setHost(options: string): string {
  return `slipway source set {type} ${options}`;
}
