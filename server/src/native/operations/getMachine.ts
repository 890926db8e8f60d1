import type { LastBackup } from '#backup/last-backup.ts';
import type { BuildStatus } from '#build/build.ts';
import { countBuilds } from '#build/build-count-store.ts';
import { engineOf } from '#db/engine.ts';
import type { MachineLimits } from '#machine/machine.ts';
import { type NativeContext, nativeOperation } from '../native-operation.ts';

/** Only these are counted: there are few of them, however many builds have ended. */
const UNFINISHED: readonly BuildStatus[] = ['BUILDING', 'PENDING'];

const DATABASES = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const;

/** `GET /machine` */
export default nativeOperation('getMachine', async (context) => {
  const [{ machine, findings }, builds] = await Promise.all([context.lookAtMachine(), buildsReply(context)]);
  const { host, versions, limits, disk, clock } = machine;
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
    Host: { Name: host.name, Processors: host.processors },
    Builds: builds,
    Database: DATABASES[engineOf(context.db)],
    LastBackup: backupReply(context.lastBackup()),
  };
});

async function buildsReply({ db, buildLimits, isPaused, waitReason }: NativeContext) {
  const [counts, reason] = await Promise.all([countBuilds(db, UNFINISHED), waitReason()]);
  return {
    Running: counts.get('BUILDING') ?? 0,
    Waiting: counts.get('PENDING') ?? 0,
    Slots: buildLimits.perServer,
    Paused: isPaused(),
    WaitReason: reason,
  };
}

function backupReply(last: LastBackup | undefined) {
  return (
    last && {
      Time: last.createdMs,
      Place: last.place,
      Name: last.name,
      Files: last.files,
      SizeBytes: last.sizeBytes,
      Problems: last.problems,
      VerifyTime: last.verified?.timeMs,
      VerifyProblems: last.verified?.problems,
    }
  );
}

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
