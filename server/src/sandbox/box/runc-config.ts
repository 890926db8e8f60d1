import { boxMappings } from './id-ranges.ts';
import { NO_NETWORK_PLACE } from './surroundings.ts';
import { systemCallFilter } from './system-call-filter.ts';

/** What differs from box to box in runc's configuration. */
export interface RuncConfigInput {
  args: string[];
  env: string[];
  /** The box's own group; the limits are one level above it. */
  cgroupPath: string;
  /**
   * The host id of the box's root. boxinit.sh makes the user namespace with this map, but it is needed here too: runc
   * 1.1 needs it, and later versions compare the two.
   */
  firstId: number;
  /** The limit of the kernel's TCP memory, if control groups have a separate one. */
  tcpBytes: number | undefined;
}

/** The folder that each sandbox's private tmpfs covers; boxinit.sh fills it. */
export const BOX_PLACE = '/run/slipway';

/** The folder with the streams of a box's steps, as seen through the process that holds the box's view of mounts. */
export function streamsFolder(boxPid: number | undefined): string {
  return `/proc/${boxPid}/root${BOX_PLACE}/streams`;
}

// AUDIT_WRITE and NET_RAW: the builder asks for them for each step and fails without them. NET_RAW has no effect in a
// network namespace that belongs to the host's user namespace.
const capabilities = [
  'CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP SYS_CHROOT SETFCAP',
  'SYS_ADMIN MKNOD NET_BIND_SERVICE AUDIT_WRITE NET_RAW',
].flatMap((line) => line.split(' ').map((name) => `CAP_${name}`));

/** runc's config.json of a box, for runc 1.1 and later. The paths are those that boxinit.sh makes below `BOX_PLACE`. */
export function runcConfig(input: RuncConfigInput): object {
  const bind = (source: string, destination: string, ...options: string[]): object => ({
    destination,
    type: 'bind',
    source: `${BOX_PLACE}/${source}`,
    options: ['rbind', ...options],
  });
  const memory = (destination: string, ...options: string[]): object => ({
    destination,
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'nodev', ...options],
  });
  const mappings = boxMappings(input.firstId);
  return {
    ociVersion: '1.0.2',
    hostname: 'build',
    root: { path: `${BOX_PLACE}/rootfs`, readonly: true },
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      args: input.args,
      env: input.env,
      cwd: '/',
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      // sudo and su in a RUN step need it; root in the box has no rights outside.
      noNewPrivileges: false,
      oomScoreAdj: 500,
    },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      {
        destination: '/dev',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
      },
      {
        destination: '/dev/pts',
        type: 'devpts',
        source: 'devpts',
        options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'],
      },
      memory('/dev/shm', 'noexec', 'mode=1777', 'size=65536k'),
      { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev'] },
      {
        destination: '/sys/fs/cgroup',
        type: 'cgroup',
        source: 'cgroup',
        options: ['nosuid', 'noexec', 'nodev', 'relatime', 'ro'],
      },
      memory('/run', 'mode=755'),
      memory('/tmp', 'mode=1777'),
      memory('/var/cache', 'mode=755'),
      // What boxinit.sh mounts below them later appears in the box, and nothing the other way.
      bind('in', '/in', 'rslave'),
      bind('bases', '/bases', 'rslave'),
      bind('secrets', '/secrets'),
      bind('streams', '/run/streams'),
      bind('disk/store', '/store'),
      bind('disk/out', '/out'),
      bind('disk/tmp', '/var/tmp'),
      bind('no-network', NO_NETWORK_PLACE),
    ],
    linux: {
      cgroupsPath: input.cgroupPath,
      resources: {
        devices: [{ allow: false, access: 'rwm' }],
        ...(input.tcpBytes === undefined ? {} : { memory: { kernelTCP: input.tcpBytes } }),
      },
      uidMappings: mappings,
      gidMappings: mappings,
      namespaces: [
        { type: 'pid' },
        { type: 'ipc' },
        { type: 'uts' },
        { type: 'mount' },
        { type: 'user', path: `${BOX_PLACE}/userns` },
        { type: 'cgroup' },
        // The network namespace is runc's own, since boxinit.sh starts runc in it.
      ],
      // Both are empty: a covered /proc here would keep the kernel from giving RUN steps their own /proc, in which crun
      // then masks these paths.
      maskedPaths: [],
      readonlyPaths: [],
      seccomp: systemCallFilter(),
    },
  };
}
