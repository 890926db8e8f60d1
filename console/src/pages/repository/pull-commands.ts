/** A way to pull an image: what to type, with the login that comes before it. */
export interface PullWay {
  name: string;
  /** Undefined if anyone may pull. */
  login: string | undefined;
  pull: string;
}

interface PulledImage {
  /** As clients reach the registry: `build.example`, `127.0.0.1:8720`. */
  host: string;
  /** `NAMESPACE/NAME`. */
  repository: string;
  tag: string;
  isPublic: boolean;
  /** Whether the registry has no certificate. */
  isPlainHttp: boolean;
}

const LOOPBACK = /^(127\.[\d.]+|localhost)(:\d+)?$/;

/** The command that most people want. */
export function dockerPull({ host, repository, tag }: Pick<PulledImage, 'host' | 'repository' | 'tag'>): string {
  return `docker pull ${host}/${repository}:${tag}`;
}

/** How each tool pulls an image. Logins are those of `slipway login`, for one hour; a cluster needs a key that lasts. */
export function pullWays(image: PulledImage): PullWay[] {
  const { host, repository, tag, isPublic, isPlainHttp } = image;
  const name = `${host}/${repository}:${tag}`;
  const login = (command: string) =>
    isPublic
      ? undefined
      : `slipway login --print-password | ${command} --username cr_temp_user --password-stdin ${host}`;
  // docker takes plain HTTP for loopback addresses, the others for none.
  const plain = (flag: string) => (isPlainHttp ? ` ${flag}` : '');
  return [
    { name: 'docker', login: login('docker login'), pull: dockerPull(image) },
    {
      name: 'podman',
      login: login(`podman login${plain('--tls-verify=false')}`),
      pull: `podman pull${plain('--tls-verify=false')} ${name}`,
    },
    {
      name: 'skopeo',
      login: login(`skopeo login${plain('--tls-verify=false')}`),
      pull: `skopeo copy${plain('--src-tls-verify=false')} docker://${name} docker-archive:${tag}.tar`,
    },
    {
      name: 'crane',
      login: isPublic
        ? undefined
        : `slipway login --print-password | crane auth login --username cr_temp_user --password-stdin ${host}`,
      pull: `crane pull${isPlainHttp && !LOOPBACK.test(host) ? ' --insecure' : ''} ${name} ${tag}.tar`,
    },
    {
      name: 'Kubernetes',
      login: isPublic
        ? undefined
        : [
            'slipway ram key create cluster >key && . ./key   # of a user who may only pull',
            `kubectl create secret docker-registry slipway --docker-server ${host} \\`,
            '  --docker-username "$SLIPWAY_ACCESS_KEY_ID" --docker-password "$SLIPWAY_ACCESS_KEY_SECRET"',
          ].join('\n'),
      pull: [
        'spec:',
        ...(isPublic ? [] : ['  imagePullSecrets: [{ name: slipway }]']),
        '  containers:',
        `    - name: ${containerName(repository)}`,
        `      image: ${name}`,
      ].join('\n'),
    },
  ];
}

/** A name that Kubernetes takes for a container: at most 63 letters, digits and dashes, with no dash at an end. */
function containerName(repository: string): string {
  const name = repository.split('/').at(-1) ?? '';
  return name.replaceAll(/[._]/g, '-').slice(0, 63).replace(/-$/, '');
}
