import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@slipway/client/client.ts';
import type { LogLine } from './print-log.ts';

/** Which build of which server. */
export interface BuildKey {
  InstanceId: string;
  RepoId: string;
  BuildRecordId: string;
}

const FINAL = ['SUCCESS', 'FAILED', 'CANCELED'];
const POLL_MS = 100;

/**
 * Hands over every line of a build's log in order from line `offset` + 1. With `follow` it goes on until the build has
 * ended and its last line was handed over. Gives the status seen last.
 */
export async function followBuild(
  client: Client,
  key: BuildKey,
  options: { offset: number; follow: boolean },
  onLines: (lines: readonly LogLine[]) => Promise<void>,
): Promise<string> {
  let offset = options.offset;
  for (;;) {
    const { BuildStatus = '' } = await client.call('GetRepoBuildRecordStatus', key);
    offset = await readToEnd(client, key, offset, onLines);
    if (!options.follow || FINAL.includes(BuildStatus)) return BuildStatus;
    await sleep(POLL_MS);
  }
}

async function readToEnd(
  client: Client,
  key: BuildKey,
  from: number,
  onLines: (lines: readonly LogLine[]) => Promise<void>,
): Promise<number> {
  for (let offset = from; ; ) {
    const { BuildRecordLogs = [] } = await client.call('ListRepoBuildRecordLog', { ...key, Offset: offset });
    if (BuildRecordLogs.length === 0) return offset;
    await onLines(BuildRecordLogs);
    offset += BuildRecordLogs.length;
  }
}
