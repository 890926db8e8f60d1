import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { callNative } from '@slipway/client/call-native.ts';
import type { Client } from '@slipway/client/client.ts';
import { counted } from '@slipway/client/counted.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { EXIT_CODES } from '../error/cli-error.ts';
import { columns } from '../frame/account-command.ts';
import { serverCommand } from '../frame/server-command.ts';
import { mebibytes } from '../output/mebibytes.ts';
import { utcTime } from '../output/utc-time.ts';

interface Readiness {
  /** Absent if the server is of an earlier version. */
  Role?: 'all' | 'api';
  Problems: string[];
  /** Absent if the sandbox could not be tested. */
  Platforms?: { Native: string[]; Emulated: string[]; Refusal?: string };
}

type Machine = Omit<NativeCalls['getMachine']['reply'], 'RequestId'>;

const READY = {
  all: 'this machine can build',
  api: 'this server has the role api: it answers requests and runs no builds',
};

/** Clocks that differ by more than 15 minutes end in refused requests. */
const CLOCK_LIMIT_MS = 60_000;

/** `slipway doctor`: what keeps a server from building, what may become a problem, and the machine. */
export function registerDoctor(program: Command): void {
  const what = 'check whether this machine can build; show what is missing, versions, limits, disk and clock';
  serverCommand(program, 'doctor', what, [], async ({ endpoint, client }) => {
    const readiness = (await (await fetch(`${endpoint}/readyz`)).json()) as Readiness;
    const { Role, Problems, Platforms } = readiness;
    const machine = await lookAtMachine(client);
    process.exitCode = Problems.length === 0 ? 0 : EXIT_CODES.machine;
    return {
      data: typeof machine === 'string' ? readiness : { ...readiness, ...machine },
      lines: [
        ...(Problems.length === 0 ? [READY[Role ?? 'all']] : Problems),
        ...platformLines(Platforms),
        ...(typeof machine === 'string' ? [] : machineLines(machine)),
      ],
      notes: typeof machine === 'string' ? [machine] : [],
    };
  });
}

/** The machine, with what the clock of this one adds; or why the server does not show it. */
async function lookAtMachine(client: Client): Promise<Machine | string> {
  const beforeMs = Date.now();
  try {
    const { RequestId: _, ...machine } = await callNative(client, 'getMachine', {});
    const aheadMs = machine.Clock.Time - (beforeMs + Date.now()) / 2;
    const seconds = Math.round(Math.abs(aheadMs) / 1000);
    const What = `the server's clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the clock of this machine`;
    const clocks = { What, Fix: 'set the one that is wrong; beyond 15 minutes, requests are refused' };
    return Math.abs(aheadMs) < CLOCK_LIMIT_MS ? machine : { ...machine, Findings: [...machine.Findings, clocks] };
  } catch (error) {
    if (!(error instanceof ApiCallError)) throw error;
    const { deniedAction, message } = error;
    const why = deniedAction === undefined ? message : `no policy allows you ${deniedAction} on the whole instance`;
    return `versions and limits are not shown: ${why}`;
  }
}

function platformLines(platforms: Readiness['Platforms']): string[] {
  if (platforms === undefined) return [];
  const { Native, Emulated, Refusal } = platforms;
  // A server that runs no builds.
  if (Native.length + Emulated.length === 0) return [];
  return [
    `platforms: ${Native.join(', ')}`,
    ...(Emulated.length > 0 ? [`platforms under emulation: ${Emulated.join(', ')}`] : []),
    ...(Refusal === undefined ? [] : [`no other platforms: ${Refusal}`]),
  ];
}

function machineLines({
  Versions,
  Limits,
  Disk,
  Clock,
  Findings,
  Host,
  Builds,
  Database,
  LastBackup,
}: Machine): string[] {
  const synchronized = { true: 'synchronized', false: 'not synchronized' }[String(Clock.Synchronized)];
  const rows = [
    ['Slipway', Versions.Slipway],
    ['Node', Versions.Node],
    ['builder', Versions.Builder ?? 'none'],
    ['git', Versions.Git ?? 'none'],
    ['kernel', Versions.Kernel],
    ['system', Versions.System ?? 'unknown'],
    ['host', `${Host.Name}, ${counted(Host.Processors, 'processor')}`],
    ['builds', `${Builds.Running} running of ${Builds.Slots} at once, ${Builds.Waiting} waiting`],
    ['memory', `${mebibytes(Limits.MemoryBytes)}${available(Limits.AvailableMemoryBytes)}`],
    ['open files', limitText(Limits.OpenFiles)],
    ['processes', limitText(Limits.Processes)],
    ['inotify', `${limitText(Limits.InotifyWatches)} watches, ${limitText(Limits.InotifyInstances)} instances`],
    [
      'control group',
      `memory ${limitText(Limits.CgroupMemoryBytes, mebibytes)}, processes ${limitText(Limits.CgroupProcesses)}`,
    ],
    [
      'disk',
      `${mebibytes(Disk.FreeBytes)} of ${mebibytes(Disk.SizeBytes)} free, ${Disk.FreeInodes} of ${Disk.Inodes} inodes free`,
    ],
    ['database', Database],
    ['last backup', Database === 'PostgreSQL' ? BACKUP_ELSEWHERE : backupText(LastBackup)],
    ['clock', [new Date(Clock.Time).toISOString(), synchronized].filter((word) => word !== undefined).join(', ')],
  ];
  return [...Findings.map(({ What, Fix }) => `warning: ${What}; ${Fix}`), ...columns(rows)];
}

const BACKUP_ELSEWHERE = 'not made by slipway backup; docs/fleet.md says how to back up the database and the bucket';

function backupText(last: Machine['LastBackup']): string {
  if (last === undefined) return 'never';
  const { Time, Place, Problems, VerifyTime, VerifyProblems = 0 } = last;
  const found = VerifyProblems === 0 ? 'sound' : `DAMAGED, ${counted(VerifyProblems, 'problem')}`;
  return [
    `${utcTime(Time)} to ${Place}`,
    ...(Problems === 0 ? [] : [`without ${counted(Problems, 'file')} that the data folder had lost`]),
    VerifyTime === undefined ? 'not verified' : `verified ${utcTime(VerifyTime)}: ${found}`,
  ].join(', ');
}

function available(bytes: number | undefined): string {
  return bytes === undefined ? '' : `, ${mebibytes(bytes)} available`;
}

function limitText(limit: number | undefined, show: (value: number) => string = String): string {
  return limit === undefined ? 'no limit' : show(limit);
}
