/** The machine of a server, as the server's own user sees it. What could not be found out is undefined. */
export interface Machine {
  host: { name: string; processors: number };
  versions: MachineVersions;
  limits: MachineLimits;
  disk: { sizeBytes: number; freeBytes: number; inodes: number; freeInodes: number };
  clock: { timeMs: number; isSynchronized: boolean | undefined };
}

export interface MachineVersions {
  slipway: string;
  node: string;
  git: string | undefined;
  /** What runs Dockerfiles: the suite and the packages that matter. */
  builder: string | undefined;
  kernel: string;
  system: string | undefined;
}

/** Limits of the server's process. Infinity for none. */
export interface MachineLimits {
  openFiles: number | undefined;
  processes: number | undefined;
  inotifyWatches: number | undefined;
  inotifyInstances: number | undefined;
  memoryBytes: number;
  availableMemoryBytes: number | undefined;
  /** Of the control group of the server, which does not limit builds. */
  cgroupMemoryBytes: number | undefined;
  cgroupProcesses: number | undefined;
}

/** What the settings let builds use together. */
export interface BuildLoad {
  concurrentBuilds: number;
  memoryBytesEach: number;
}

/** Something that may become a problem, and the fix. */
export interface Finding {
  what: string;
  fix: string;
}

const MEBIBYTE = 2 ** 20;
/** Each connection, log that is read, and layer that is pushed takes one. */
const OPEN_FILES = 8192;
const PROCESSES = 1024;
/** For the server and its registry. */
const OWN_MEMORY_BYTES = 512 * MEBIBYTE;
const FREE_SHARE = 0.1;

/** What is wrong with a machine without keeping it from building now. `load` is undefined for a server that takes no builds. */
export function findingsOf({ versions, limits, disk, clock }: Machine, load: BuildLoad | undefined): Finding[] {
  const { openFiles, processes, cgroupProcesses, cgroupMemoryBytes } = limits;
  const found: (Finding | false)[] = [
    isBelow(openFiles, OPEN_FILES) && {
      what: `the server may open only ${openFiles} files`,
      fix: 'set LimitNOFILE=65536 in its systemd unit, or run ulimit -n 65536 before slipway serve',
    },
    isBelow(processes, PROCESSES) && {
      what: `the server's user may have only ${processes} processes`,
      fix: 'set LimitNPROC=4096 in its systemd unit, or raise nproc in /etc/security/limits.conf',
    },
    isBelow(cgroupProcesses, PROCESSES) && {
      what: `the server's control group may have only ${cgroupProcesses} processes`,
      fix: 'set TasksMax=4096 in its systemd unit',
    },
    isBelow(cgroupMemoryBytes, OWN_MEMORY_BYTES) && {
      what: `the server's control group may have only ${mebibytes(cgroupMemoryBytes ?? 0)} of memory`,
      fix: `set MemoryMax=${OWN_MEMORY_BYTES / MEBIBYTE}M or more in its systemd unit`,
    },
    load !== undefined && memoryFinding(limits.memoryBytes, load),
    disk.freeBytes < FREE_SHARE * disk.sizeBytes && {
      what: `only ${mebibytes(disk.freeBytes)} of ${mebibytes(disk.sizeBytes)} are free on the disk of the data folder`,
      fix: 'see slipway df and slipway prune, and set log-keep-days',
    },
    disk.freeInodes < FREE_SHARE * disk.inodes && {
      what: `only ${disk.freeInodes} of ${disk.inodes} inodes are free on the disk of the data folder`,
      fix: 'move the data folder to a file system with more inodes, or run slipway prune',
    },
    clock.isSynchronized === false && {
      what: 'nothing keeps the clock right; clients whose clocks differ by more than 15 minutes are refused',
      fix: 'timedatectl set-ntp true',
    },
    load !== undefined &&
      versions.git === undefined && { what: 'the program git cannot be run', fix: 'apt-get install git' },
  ];
  return found.filter((each) => each !== false);
}

function memoryFinding(memoryBytes: number, { concurrentBuilds, memoryBytesEach }: BuildLoad): Finding | false {
  const neededBytes = concurrentBuilds * memoryBytesEach + OWN_MEMORY_BYTES;
  if (neededBytes <= memoryBytes) return false;
  const builds = concurrentBuilds === 1 ? 'a build' : `${concurrentBuilds} builds`;
  return {
    what: `the server and ${builds} may use ${mebibytes(neededBytes)} of memory, and the machine has ${mebibytes(memoryBytes)}`,
    fix: 'lower concurrent-builds or build-memory-mebibytes, or add memory',
  };
}

function isBelow(value: number | undefined, limit: number): boolean {
  return value !== undefined && value < limit;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / MEBIBYTE)} MiB`;
}
