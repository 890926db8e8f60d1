/** One entry of `linux.seccomp.syscalls` in the OCI runtime's configuration. */
interface Rule {
  names: string[];
  action: string;
  errnoRet: number;
  args?: Comparison[];
}
interface Comparison {
  index: number;
  value: number;
  valueTwo?: number;
  op: string;
}

const ERRORS = { none: 0, EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 } as const;

// ENOSYS, not EPERM: programs fall back if a call does not exist, while crun gives up if keyctl is not permitted.
// io_uring would open sockets of families that the filter refuses. fs.aio-max-nr limits the requests of io_setup for
// the whole machine, so one build could take all of them. socketcall is 32-bit x86's old way to a socket, whose family
// a filter cannot see.
const absentCalls = (
  'keyctl add_key request_key bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register kexec_load ' +
  'kexec_file_load init_module finit_module delete_module open_by_handle_at clone3 quotactl quotactl_fd nfsservctl ' +
  'fsopen fsconfig fsmount fspick open_tree move_mount mount_setattr swapon swapoff acct lookup_dcookie vmsplice ' +
  'io_setup socketcall'
).split(' ');

// These succeed without doing anything. A box's disk is worth something only when boxinit.sh has unmounted it: one that
// was in use when the machine stopped is thrown away (written-store.ts). To wait for the machine's disk again and again,
// as the builder's databases and package managers do, only takes time.
const NEEDLESS_CALLS = ['fsync', 'fdatasync', 'sync', 'syncfs', 'sync_file_range'];

const NEW_USER_NAMESPACE = 0x1000_0000;

// All other families reach past the box's network namespace (vsock: the machine's hypervisor), or into kernel code that
// builds do not need.
const FAMILIES = { unix: 1, inet: 2, inet6: 10, netlink: 16 } as const;
const ROUTE_PROTOCOL = 0;

/**
 * The system calls that a box and all its steps may make; a step cannot leave this filter. It is `linux.seccomp` of the
 * OCI runtime.
 */
export function systemCallFilter(): object {
  const newUser = { index: 0, value: NEW_USER_NAMESPACE, valueTwo: NEW_USER_NAMESPACE, op: 'SCMP_CMP_MASKED_EQ' };
  const rules: Rule[] = [
    { names: absentCalls, action: 'SCMP_ACT_ERRNO', errnoRet: ERRORS.ENOSYS },
    { names: NEEDLESS_CALLS, action: 'SCMP_ACT_ERRNO', errnoRet: ERRORS.none },
    { names: ['clone', 'unshare'], action: 'SCMP_ACT_ERRNO', errnoRet: ERRORS.EPERM, args: [newUser] },
    ...otherThan(Object.values(FAMILIES)).map((family) => refused(['socket'], [family])),
    ...otherThan([FAMILIES.unix]).map((family) => refused(['socketpair'], [family])),
    refused(
      ['socket'],
      [
        { index: 0, value: FAMILIES.netlink, op: 'SCMP_CMP_EQ' },
        { index: 2, value: ROUTE_PROTOCOL, op: 'SCMP_CMP_NE' },
      ],
    ),
  ];
  return {
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures:
      process.arch === 'x64'
        ? ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']
        : ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
    syscalls: rules,
  };
}

function refused(names: string[], args: Comparison[]): Rule {
  return { names, action: 'SCMP_ACT_ERRNO', errnoRet: ERRORS.EAFNOSUPPORT, args };
}

/**
 * Matches every first argument except those listed. A filter that allows by default can only list what it refuses. If
 * the caller sets bits in the upper half of the register, the number is larger than the last one, so it is refused too.
 */
function otherThan(allowed: readonly number[]): Comparison[] {
  const last = Math.max(...allowed);
  const between = Array.from({ length: last }, (_, family) => family).filter((family) => !allowed.includes(family));
  return [
    ...between.map((value) => ({ index: 0, value, op: 'SCMP_CMP_EQ' })),
    { index: 0, value: last, op: 'SCMP_CMP_GT' },
  ];
}
