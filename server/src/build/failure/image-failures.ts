import type { FailureRow } from './failure-row.ts';

const REBUILD = { text: 'Build again.', rebuild: true } as const;

/** Why an image could not be built or pushed. */
export const IMAGE_FAILURES = {
  'dockerfile-missing': {
    fault: 'source',
    cause: 'The source has no Dockerfile at this path.',
    fixes: [
      { text: 'Name the path of the Dockerfile in the source.', command: 'slipway build . --file PATH' },
      {
        text: 'For a build rule, set it in the rule.',
        command: 'slipway rule set {repository} RULE --dockerfile PATH',
      },
    ],
  },
  'dockerfile-unreadable': {
    fault: 'source',
    cause: 'The Dockerfile is not a regular file in the source, or is too large.',
    fixes: [{ text: 'Replace it by a regular file of at most 1 MiB.' }],
  },
  'dockerfile-syntax': {
    fault: 'source',
    cause: 'The Dockerfile has a mistake.',
    fixes: [{ text: 'Correct the lines shown above. docs/dockerfiles.md lists what works.' }],
  },
  'dockerfile-limit': {
    fault: 'source',
    cause: 'The Dockerfile is larger or costs more to read than is allowed.',
    fixes: [{ text: 'Split it: fewer instructions, shorter names, or a base image of your own.' }],
  },
  'dockerfile-target-missing': {
    fault: 'source',
    cause: 'The Dockerfile has no stage with the name of the target.',
    fixes: [{ text: 'Name one of its stages, or leave --target out.', command: 'slipway build . --target STAGE' }],
  },
  'dockerfile-onbuild': {
    fault: 'source',
    cause: 'An ONBUILD of the base image mounts what it may not.',
    fixes: [{ text: 'Put the instruction into the Dockerfile.' }],
  },
  'base-name': {
    fault: 'source',
    cause: 'The name of an image is not valid.',
    fixes: [{ text: 'Write it as HOST/NAMESPACE/NAME:TAG in the line of the Dockerfile shown above.' }],
  },
  'base-missing': {
    fault: 'source',
    cause: 'A base image was not found.',
    fixes: [
      { text: 'Check its name and tag in the Dockerfile.' },
      { text: 'Or bring it into this registry.', command: 'slipway image import FILE {image}' },
    ],
  },
  'base-pull-denied': {
    fault: 'settings',
    cause: 'The policies do not allow the build to pull a base image from this registry.',
    fixes: [
      {
        text: 'See which statement denies the action that the message names, or that none allows it.',
        command: 'slipway policy simulate ACTION RESOURCE --user NAME',
      },
    ],
  },
  'base-login-needed': {
    fault: 'settings',
    cause:
      'The registry of a base image refuses access: no login for it is set, the login is wrong, or there is no such image.',
    fixes: [
      { text: 'Check the name of the image in the Dockerfile.' },
      {
        text: 'For a private image, set a login.',
        command: 'slipway registry login {registry} --username USER --password-stdin',
      },
    ],
  },
  'base-rate-limited': {
    fault: 'outside',
    cause: 'The registry of a base image takes no more requests from this server for now.',
    fixes: [
      {
        text: 'Set a login, which usually has a higher limit.',
        command: 'slipway registry login {registry} --username USER --password-stdin',
      },
      { text: 'Or ask a mirror first.', command: 'slipway registry mirror {registry} URL' },
    ],
  },
  'base-unreachable': {
    fault: 'outside',
    cause: 'The registry of a base image did not answer.',
    fixes: [
      { ...REBUILD, text: 'Build again when the registry answers.' },
      { text: 'Without internet, bring the image into this registry.', command: 'slipway image import FILE {image}' },
      { text: 'Or ask a mirror instead.', command: 'slipway registry mirror {registry} URL' },
    ],
  },
  'base-host-unknown': {
    fault: 'source',
    cause: 'The name of the base image’s registry cannot be resolved.',
    fixes: [
      { text: 'Check the host in the name of the image.' },
      { text: 'Without internet, bring the image into this registry.', command: 'slipway image import FILE {image}' },
    ],
  },
  'base-address-denied': {
    fault: 'settings',
    cause: 'The registry of a base image has a loopback or private address, which base images may not come from.',
    fixes: [
      { text: 'For a registry of your own, allow it.', command: 'slipway registry reach {registry} --allow-private' },
      { text: 'Or allow the address for all sources and base images.', setting: 'allow-addresses' },
    ],
  },
  'base-refused': {
    fault: 'outside',
    cause: 'The registry of a base image sent something that is not an image, or refused the request.',
    fixes: [REBUILD, { text: 'Or bring the image into this registry.', command: 'slipway image import FILE {image}' }],
  },
  'base-platform': {
    fault: 'source',
    cause: 'A base image is not published for the platform of the build.',
    fixes: [
      {
        text: 'Choose one of the platforms that the message lists, or another image.',
        command: 'slipway build . --platform PLATFORM',
      },
    ],
  },
  'base-broken': {
    fault: 'source',
    cause: 'A base image has content that cannot be unpacked.',
    fixes: [
      {
        text: 'Choose another tag of the image, or import a correct one.',
        command: 'slipway image import FILE {image}',
      },
    ],
  },
  'base-too-large': {
    fault: 'settings',
    cause: 'The base images are larger than the disk of a build.',
    fixes: [{ text: 'Raise the limit, or choose smaller images.', setting: 'build-disk-mebibytes' }],
  },
  'cache-name': {
    fault: 'source',
    cause: 'The name of a cache cannot be used.',
    fixes: [
      {
        text: 'Name a tag of a repository in this registry.',
        command: 'slipway build . --cache-to NAMESPACE/NAME:TAG',
      },
    ],
  },
  'cache-denied': {
    fault: 'settings',
    cause: 'The policies do not allow the build to push its cache there.',
    fixes: [
      {
        text: 'Push the cache elsewhere, or see which statement denies the action that the message names.',
        command: 'slipway policy simulate ACTION RESOURCE --user NAME',
      },
    ],
  },
  'platform-unknown': {
    fault: 'source',
    cause: 'The platform is not one for which images can be built.',
    fixes: [{ text: 'Choose one that docs/building.md lists.', command: 'slipway build . --platform linux/arm64' }],
  },
  'emulator-missing': {
    fault: 'settings',
    cause: 'Steps of another platform need an emulator, which this machine does not have.',
    fixes: [{ text: 'Fetch the emulators on the server.', command: 'sudo slipway builder update --emulators' }],
  },
  'secret-missing': {
    fault: 'source',
    cause: 'A step needs a secret that is not set.',
    fixes: [
      {
        text: 'Store it for the builds of the repository.',
        command: 'slipway secret set {secret} --repository {repository}',
      },
      { text: 'Or give it to one build.', command: 'slipway build . --secret id={secret},src=FILE' },
    ],
  },
  'ssh-key-missing': {
    fault: 'source',
    cause: 'A step needs an SSH key that was not given.',
    fixes: [{ text: 'Give it to the build.', command: 'slipway build . --ssh {secret}=KEYFILE' }],
  },
  'secrets-too-large': {
    fault: 'source',
    cause: 'The secrets of the build are too large in total.',
    fixes: [{ text: 'Give fewer or smaller secrets.' }],
  },
  'step-failed': {
    fault: 'source',
    cause: 'The program of a step ended with an exit code other than 0.',
    fixes: [{ text: 'Read the step’s lines in the log, and run the same command on your machine.' }],
  },
  'step-failed-offline': {
    fault: 'source',
    cause: 'The program of a step ended with an exit code other than 0. The builds of this server have no network.',
    fixes: [
      { text: 'Read the step’s lines in the log.' },
      { text: 'If the step needs a network, allow it.', setting: 'build-network' },
    ],
  },
  'step-connection-refused': {
    fault: 'settings',
    cause: 'A step failed after it was refused a connection to an address that builds may not reach.',
    fixes: [{ text: 'Allow the address that the message names.', setting: 'build-allow-addresses' }],
  },
  'step-file-missing': {
    fault: 'source',
    cause: 'An instruction copies a file that does not exist, or that .dockerignore excludes.',
    fixes: [
      {
        text: 'Check the path in the line shown above; it is relative to the folder that is built. Check .dockerignore too.',
      },
    ],
  },
  'step-not-built': {
    fault: 'source',
    cause: 'The builder cannot carry out an instruction.',
    fixes: [{ text: 'Correct the lines shown above as the message says.' }],
  },
  'memory-limit': {
    fault: 'settings',
    cause: 'The build needed more memory than it may use.',
    fixes: [{ text: 'Raise the limit, or let the step run fewer jobs at once.', setting: 'build-memory-mebibytes' }],
  },
  'process-limit': {
    fault: 'settings',
    cause: 'The build started more processes than it may.',
    fixes: [{ text: 'Raise the limit, or let the step run fewer jobs at once.', setting: 'build-processes' }],
  },
  'disk-limit': {
    fault: 'settings',
    cause: 'The build wrote more than its disk holds.',
    fixes: [
      {
        text: 'Raise the limit, or remove what is not needed in the step that writes it.',
        setting: 'build-disk-mebibytes',
      },
    ],
  },
  'time-limit': {
    fault: 'settings',
    cause: 'The build took longer than it may.',
    fixes: [
      { text: 'Raise the limit.', setting: 'build-timeout-seconds' },
      { text: 'Or find the step that waits.', command: 'slipway logs {build} --timestamps' },
    ],
  },
  'push-tag-immutable': {
    fault: 'settings',
    cause: 'The tag exists, and the repository does not allow tags to be overwritten.',
    fixes: [
      { text: 'Build another tag.', command: 'slipway build . --tag {repository}:TAG' },
      { text: 'Or allow tags to be overwritten.', command: 'slipway repo set {repository} --immutable-tags off' },
    ],
  },
  'push-repository-missing': {
    fault: 'settings',
    cause: 'The repository was deleted while the build ran.',
    fixes: [{ text: 'Create it again, then build.', command: 'slipway repo create {repository}' }],
  },
  'push-refused': {
    fault: 'machine',
    cause: 'The registry of this server did not accept the image.',
    fixes: [
      { text: 'See whether the disk is full.', command: 'slipway df' },
      { text: 'The log of the server has the registry’s reason.', command: 'journalctl -u slipway' },
    ],
  },
} as const satisfies Record<string, FailureRow>;
