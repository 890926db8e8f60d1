import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../client/src/client.ts';
import type { VendorClient } from './api/vendor-clients.ts';
import { native, type PrintedLine } from './slipway.ts';

/** A build on a server. */
export interface BuildKey {
  InstanceId: string;
  RepoId: string;
  BuildRecordId: string;
}

/** The full key of a build, from its id. */
export async function buildKey(client: Client, BuildRecordId: string): Promise<BuildKey> {
  const { InstanceId, RepoId } = await native(client, `/api/v1/builds/${BuildRecordId}`);
  return { InstanceId: String(InstanceId), RepoId: String(RepoId), BuildRecordId };
}

/** Every line of a log, read page by page. */
export async function readLog(client: Client, key: BuildKey): Promise<PrintedLine[]> {
  const lines: PrintedLine[] = [];
  for (;;) {
    const { BuildRecordLogs = [] } = await client.call('ListRepoBuildRecordLog', { ...key, Offset: lines.length });
    if (BuildRecordLogs.length === 0) return lines;
    lines.push(...(BuildRecordLogs as PrintedLine[]));
  }
}

/** Every line, read with one of the vendor's clients. */
export async function readLogWith(client: VendorClient, key: BuildKey): Promise<PrintedLine[]> {
  const lines: PrintedLine[] = [];
  for (;;) {
    const reply = await client.call('ListRepoBuildRecordLog', { ...key, Offset: String(lines.length) });
    const page = reply.BuildRecordLogs as PrintedLine[];
    if (page.length === 0) return lines;
    lines.push(...page.map((line) => ({ ...line })));
  }
}

/** Waits until `wanted` is true for a build's status. */
export async function waitForStatus(
  client: Client,
  key: BuildKey,
  wanted: (status: string) => boolean,
): Promise<string> {
  for (;;) {
    const { BuildStatus = '' } = await client.call('GetRepoBuildRecordStatus', key);
    if (wanted(BuildStatus)) return BuildStatus;
    await sleep(50);
  }
}

/** Waits until a line of the log contains a text; returns the lines so far. */
export async function waitForLine(client: Client, key: BuildKey, text: string): Promise<PrintedLine[]> {
  for (;;) {
    // Asked before the lines: a final build has all its lines.
    const { BuildStatus = '' } = await client.call('GetRepoBuildRecordStatus', key);
    const lines = await readLog(client, key);
    if (lines.some((line) => line.Message.includes(text))) return lines;
    if (isFinal(BuildStatus))
      throw new Error(
        `the build is ${BuildStatus} without ${JSON.stringify(text)}: ${JSON.stringify(lines.slice(-3))}`,
      );
    await sleep(50);
  }
}

/** Waits until the log of a build is sealed. */
export async function waitForSeal(client: Client, id: string): Promise<void> {
  while ((await native(client, `/api/v1/builds/${id}/log/seal`)).Sealed !== true) await sleep(50);
}

export function isFinal(status: string): boolean {
  return status === 'SUCCESS' || status === 'FAILED' || status === 'CANCELED';
}
