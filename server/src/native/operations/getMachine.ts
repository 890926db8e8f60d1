import type { MachineLimits } from '#machine/machine.ts';
import { nativeOperation } from '../native-operation.ts';

/** `GET /machine` */
export default nativeOperation('getMachine', async ({ lookAtMachine }) => {
  const { machine, findings } = await lookAtMachine();
  const { versions, limits, disk, clock } = machine;
  return {
    Versions: {
      Slipway: versions.slipway,
      Node: versions.node,
      Kernel: versions.kernel,
      System: versions.system,
      Git: versions.git,
      Builder: versions.builder,
    },
    Limits: limitsReply(limits),
    Disk: {
      SizeBytes: disk.sizeBytes,
      FreeBytes: disk.freeBytes,
      Inodes: disk.inodes,
      FreeInodes: disk.freeInodes,
    },
    Clock: { Time: clock.timeMs, Synchronized: clock.isSynchronized },
    Findings: findings.map(({ what, fix }) => ({ What: what, Fix: fix })),
  };
});

function limitsReply(limits: MachineLimits) {
  return {
    OpenFiles: finite(limits.openFiles),
    Processes: finite(limits.processes),
    InotifyWatches: finite(limits.inotifyWatches),
    InotifyInstances: finite(limits.inotifyInstances),
    MemoryBytes: limits.memoryBytes,
    AvailableMemoryBytes: finite(limits.availableMemoryBytes),
    CgroupMemoryBytes: finite(limits.cgroupMemoryBytes),
    CgroupProcesses: finite(limits.cgroupProcesses),
  };
}

function finite(limit: number | undefined): number | undefined {
  return limit === Number.POSITIVE_INFINITY ? undefined : limit;
}
