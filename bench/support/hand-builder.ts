import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, closeSync, existsSync, ftruncateSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openBuilderRoot } from '../../server/src/sandbox/builder/builder-root.ts';
import { BUILDX, besideDaemon, daemonOf } from '../../server/src/sandbox/testing/plain-buildkit.ts';
import { atEnd, type Scope, type TestServer, temporaryFolder } from '../../test/support/slipway.ts';

const run = promisify(execFile);

/** A base of a Dockerfile: its name there, and the folder of its image layout below the given bases. */
export interface HandBase {
  name: string;
  folder: string;
  digest: string;
}

/** What a build by hand needs. Folders are those of `HandBuilder.sources`. */
export interface HandBuild {
  source: string;
  bases: readonly HandBase[];
  /** `NAMESPACE/NAME:TAG` in the server's registry. */
  image: string;
}

/** A store of the same size as a build's. */
const STORE_BYTES = 20 * 2 ** 30;
const GROUP_ATTEMPTS = 200;
const CLIENT_ENVIRONMENT = [
  'PATH=/usr/bin:/usr/sbin',
  'HOME=/tmp',
  'DOCKER_HOST=unix:///run/docker.sock',
  'DOCKER_CONFIG=/in/client',
];

/** Like the engine's own configuration (server/src/sandbox/build/builder-input.ts), without the parts for a box. */
const SETTINGS = {
  'log-level': 'warn',
  'userland-proxy': false,
  features: { 'containerd-snapshotter': true },
  builder: {
    gc: { enabled: true, defaultKeepStorage: `${0.6 * STORE_BYTES}B` },
    entitlements: { 'network-host': true },
  },
};

/**
 * Mounts the builder's root, with a file system of its own for the store as in a build, then starts the daemon.
 * Arguments: where, the root, the store's image, what to see at /in, the bases, a control group, and its hierarchies.
 */
const START = `set -eu
place=$1
for group in $7; do mkdir -p "$group$6" && echo 0 >"$group$6/cgroup.procs"; done
mount -t tmpfs bench "$place" && mkdir "$place/root" && mount --bind -o ro "$2" "$place/root"
cd "$place/root"
mount -t proc proc proc && mount --rbind /dev dev
for folder in run tmp var/cache; do mount -t tmpfs bench "$folder"; done
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then mount --rbind /sys/fs/cgroup sys/fs/cgroup; else
  mount -t tmpfs bench sys/fs/cgroup
  for controller in /sys/fs/cgroup/*; do
    [ ! -e "$controller/tasks" ] || { mkdir ".$controller" && mount --bind "$controller" ".$controller"; }
  done
fi
mount -o loop,noinit_itable "$3" store && mount --bind "$4" in && mount --bind -o ro "$5" bases
exec env -i PATH=/in/bin:/usr/bin:/usr/sbin HOME=/tmp BUILDKIT_STEP_LOG_MAX_SIZE=-1 BUILDKIT_STEP_LOG_MAX_SPEED=-1 \\
  chroot . dockerd --config-file /in/daemon.json --data-root /store/docker --exec-root /run/docker \\
  --pidfile /run/docker.pid -H unix:///run/docker.sock --bridge=none --iptables=false --ip6tables=false --ip-forward=false \\
  --ip-masq=false --cgroup-parent "$6"
`;

/**
 * dockerd and docker-buildx by hand, in the builder's own root: no sandbox, no server, and a daemon that already runs.
 * skopeo pushes its images to the server's registry, as it does for builds.
 */
export class HandBuilder {
  /** Folders below this one can be the source of a build. */
  readonly sources: string;
  readonly #pid: number;
  readonly #group: string;
  readonly #root: string;
  readonly #folder: string;
  readonly #server: TestServer;

  private constructor(folder: string, server: TestServer, pid: number, group: string) {
    this.#folder = folder;
    this.sources = join(folder, 'in', 'sources');
    this.#root = join(folder, 'place', 'root');
    this.#server = server;
    this.#pid = pid;
    this.#group = group;
  }

  /** Starts the daemon; it ends with the test. The bases are those that the server fetched for its builds. */
  static async start(t: Scope, server: TestServer): Promise<HandBuilder> {
    const root = openBuilderRoot();
    const folder = temporaryFolder(t);
    for (const name of ['place', 'in/bin', 'in/sources', 'in/out', 'in/client'])
      mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'in', 'daemon.json'), JSON.stringify(SETTINGS));
    writeFileSync(join(folder, 'in', 'bin', 'runc'), '#!/bin/sh\nexec /usr/bin/crun --cgroup-manager=cgroupfs "$@"\n');
    chmodSync(join(folder, 'in', 'bin', 'runc'), 0o755);
    const store = join(folder, 'store.img');
    const file = openSync(store, 'w');
    ftruncateSync(file, STORE_BYTES);
    closeSync(file);
    await run('mkfs.ext4', ['-q', '-F', '-m', '0', store]);
    const name = `bench-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;
    const bases = join(server.dataFolder, 'sandbox');
    const args = ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private', 'sh', '-c', START, 'start'];
    const places = [join(folder, 'place'), root, store, join(folder, 'in'), bases, `/slipway/${name}`, hierarchies()];
    const child = spawn('unshare', [...args, ...places], { stdio: ['ignore', 'ignore', 'pipe'] });
    atEnd(t, async () => {
      const isOver = once(child, 'close');
      if (child.exitCode === null && child.kill('SIGKILL')) await isOver;
      await removeGroups(name);
    });
    const builder = new HandBuilder(folder, server, await daemonOf(child), name);
    return builder;
  }

  /** Builds an image and pushes it. Throws with the builder's error. */
  async build({ source, bases, image }: HandBuild): Promise<void> {
    const contexts = bases.flatMap(({ name, folder, digest }) => [
      '--build-context',
      `${name}=oci-layout:///bases/${folder}@sha256:${digest}`,
    ]);
    const out = join(this.#folder, 'in', 'out', 'image');
    await run('rm', ['-rf', out]);
    const output = 'type=oci,tar=false,oci-mediatypes=false,dest=/in/out/image';
    const options = ['--network=host', '--provenance=false', '--sbom=false', '--progress=rawjson', '--output', output];
    await this.#buildx('build', '--builder', 'default', ...options, ...contexts, `/in/sources/${source}`);
    const { Endpoint, AccessKeyId, AccessKeySecret } = this.#server.root;
    const credentials = `${AccessKeyId}:${AccessKeySecret}`;
    const target = `docker://${new URL(Endpoint).host}/${image}`;
    await run('skopeo', [
      'copy',
      '--quiet',
      '--dest-tls-verify=false',
      '--dest-creds',
      credentials,
      `oci:${out}`,
      target,
    ]);
  }

  /** Removes everything that was built. */
  async forget(): Promise<void> {
    await this.#buildx('prune', '--builder', 'default', '--all', '--force');
  }

  async #buildx(...args: string[]): Promise<void> {
    try {
      const command = ['nsenter', ...besideDaemon(this.#pid, this.#root, CLIENT_ENVIRONMENT), BUILDX, ...args];
      const places = hierarchies()
        .split(' ')
        .filter(Boolean)
        .map((place) => `${place}/slipway/${this.#group}/cgroup.procs`);
      const enter = 'for place in $1; do echo 0 >"$place"; done; shift; exec "$@"';
      await run('sh', ['-c', enter, 'enter', places.join(' '), ...command], { maxBuffer: 256 * 2 ** 20 });
    } catch (error) {
      const { stderr = '' } = error as { stderr?: string };
      throw new Error(`docker-buildx ${args[0]} failed: ${stderr.slice(-2000)}`, { cause: error });
    }
  }
}

/** The last of its processes goes a moment after the daemon. */
async function removeGroups(name: string): Promise<void> {
  const find = 'find /sys/fs/cgroup -depth -type d -path "*/slipway/$1*"';
  for (let attempt = 0; attempt < GROUP_ATTEMPTS; attempt += 1) {
    const { stdout } = await run('sh', [
      '-c',
      `{ ${find} -exec rmdir {} +; ${find}; } 2>/dev/null; true`,
      'remove',
      name,
    ]);
    if (stdout === '') return;
    await sleep(50);
  }
  throw new Error(`the control groups ${name} could not be removed`);
}

/**
 * Where builds share the processor with everything else on the machine, builds by hand take their share in the same
 * group, or a busy machine would favour them. With cgroup v2 they would need the builds' limits too.
 */
function hierarchies(): string {
  return existsSync('/sys/fs/cgroup/cpu/tasks') ? '/sys/fs/cgroup/cpu' : '';
}
