/** What differs from box to box in runc's configuration. */
export type RuncConfigInput = {
  args: string[];
  env: string[];
  /** Of the box itself; the limits stand one level above it. */
  cgroupPath: string;
};

/**
 * The host's ids that a box's ids 0…1073741822 are. One range for all boxes: a store or base made by one is read by the
 * next, and RUN steps may use any id that images use in practice (70001, 1000000000).
 */
export const mappedIds = { first: 1_073_741_824, count: 1_073_741_823 } as const;

/** The folder that each sandbox's private tmpfs covers; boxinit.sh fills it. */
export const boxPlace = '/run/slipway';

// AUDIT_WRITE and NET_RAW: buildah asks for them for each RUN and fails without; NET_RAW has no force in a network
// namespace that belongs to the host's user namespace.
const capabilities = [
  'CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP SYS_CHROOT SETFCAP',
  'SYS_ADMIN MKNOD NET_BIND_SERVICE AUDIT_WRITE NET_RAW',
].flatMap((line) => line.split(' ').map((name) => `CAP_${name}`));

// ENOSYS, not EPERM: programs fall back when a call does not exist, and crun gives up when keyctl is not permitted.
const absentCalls = (
  'keyctl add_key request_key bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register kexec_load ' +
  'kexec_file_load init_module finit_module delete_module open_by_handle_at clone3 quotactl quotactl_fd nfsservctl ' +
  'fsopen fsconfig fsmount fspick open_tree move_mount mount_setattr swapon swapoff acct lookup_dcookie vmsplice'
).split(' ');

const newUserNamespace = 0x1000_0000;

/** runc's config.json of a box, for runc 1.1 and later. Paths are those that boxinit.sh makes under `boxPlace`. */
export function runcConfig(input: RuncConfigInput): object {
  const bind = (source: string, destination: string): object => ({
    destination,
    type: 'bind',
    source: `${boxPlace}/${source}`,
    options: ['rbind'],
  });
  const memory = (destination: string, ...options: string[]): object => ({
    destination,
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'nodev', ...options],
  });
  const mapping = [{ containerID: 0, hostID: mappedIds.first, size: mappedIds.count }];
  return {
    ociVersion: '1.0.2',
    hostname: 'build',
    root: { path: `${boxPlace}/rootfs`, readonly: true },
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      args: input.args,
      env: input.env,
      cwd: '/',
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      // sudo and su in a RUN step need it; root in the box is nobody outside.
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
      bind('in', '/in'),
      bind('bases', '/bases'),
      bind('secrets', '/secrets'),
      bind('disk/store', '/store'),
      bind('disk/out', '/out'),
      bind('disk/tmp', '/var/tmp'),
      bind('disk/cache', '/var/tmp/buildah-cache'),
    ],
    linux: {
      cgroupsPath: input.cgroupPath,
      resources: { devices: [{ allow: false, access: 'rwm' }] },
      uidMappings: mapping,
      gidMappings: mapping,
      namespaces: [
        { type: 'pid' },
        { type: 'ipc' },
        { type: 'uts' },
        { type: 'mount' },
        { type: 'user' },
        { type: 'cgroup' },
        { type: 'network', path: `${boxPlace}/netns` },
      ],
      // Both empty: a covered /proc here would keep the kernel from giving RUN steps a /proc of their own, in which crun
      // then masks these paths.
      maskedPaths: [],
      readonlyPaths: [],
      seccomp: {
        defaultAction: 'SCMP_ACT_ALLOW',
        architectures:
          process.arch === 'x64'
            ? ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']
            : ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
        syscalls: [
          { names: absentCalls, action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
          {
            names: ['clone', 'unshare'],
            action: 'SCMP_ACT_ERRNO',
            errnoRet: 1,
            args: [{ index: 0, value: newUserNamespace, valueTwo: newUserNamespace, op: 'SCMP_CMP_MASKED_EQ' }],
          },
        ],
      },
    },
  };
}
