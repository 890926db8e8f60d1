import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { transaction } from '#db/transaction.ts';
import { callAs, owner } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { readManifest } from '#image/manifest.ts';
import { keepManifest } from '#image/manifest-store.ts';
import { writeTag } from '#image/tag-store.ts';
import { Jobs } from '#job/jobs.ts';
import type { Action } from '#rpc/spec.gen.ts';
import { type MemberUnderTest, tarOf } from '#tar/testing/tar.ts';
import type { Advisory } from '../advisory/advisory.ts';
import { addAdvisories, insertAdvisorySet, publishAdvisorySet } from '../advisory/advisory-store.ts';
import { builtInScanner } from '../built-in-scanner.ts';
import type { InventoryLimits } from '../inventory/read-inventory.ts';
import { SCAN, scanRunner } from '../scan-job.ts';
import type { Scanner } from '../scanner.ts';

export const OCI = 'application/vnd.oci.image';
export const OS = { name: 'usr/lib/os-release', content: 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n' };
export const DPKG = {
  name: 'var/lib/dpkg/status',
  content: 'Package: libssl3\nStatus: install ok installed\nSource: openssl (3.0.9-1)\nVersion: 3.0.9-1+b1\n',
};
export const OPENSSL: Advisory = {
  ecosystem: 'Debian:bookworm',
  package: 'openssl',
  name: 'CVE-2023-1',
  severity: 'High',
  summary: 'It breaks.',
  link: 'https://security.example/CVE-2023-1',
  ranges: [{ introduced: '0', fixed: '3.0.10-1' }],
};
export const NPM: Advisory = {
  ecosystem: 'npm',
  package: 'left-pad',
  name: 'GHSA-1',
  severity: 'Low',
  ranges: [{ introduced: '1.0.0', lastAffected: '1.3.0' }],
};

/** A repository, with a scanner whose images are in a folder. */
export async function setUp(context: TestContext, limits: InventoryLimits = {}, otherScanner?: Scanner) {
  const gateway = await startGatewayUnderTest({ means: { hasOtherScanner: otherScanner !== undefined } });
  const folder = mkdtempSync(join(tmpdir(), 'slipway-scan-'));
  const { instanceId: InstanceId, means } = gateway;
  const { db } = means;
  const faults: string[] = [];
  const jobs = new Jobs({
    nodeId: 'node-1',
    db,
    now: means.now,
    report: (message, error) => faults.push(`${message}: ${error}`),
  });
  context.after(async () => {
    await jobs.close();
    await gateway[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });
  const manifests = new Map<string, { bytes: Buffer; mediaType: string }>();
  const fileOf = (digest: string) => join(folder, digest.replace('sha256:', ''));
  const images = {
    readManifest: async (_: string, digest: string) => manifests.get(digest),
    layerFiles: async (digests: readonly string[]) => ({
      files: digests.map(fileOf),
      [Symbol.asyncDispose]: async () => undefined,
    }),
    pushReferrer: async (_: string, { subject, mediaType }: { subject: string; mediaType: string }) => {
      referrers.push(`${mediaType} of ${subject}`);
    },
  };
  const referrers: string[] = [];
  jobs.register(
    SCAN,
    scanRunner({
      db,
      rights: means,
      scanner: otherScanner ?? builtInScanner({ db, instanceId: InstanceId, images, scratch: folder, limits }),
      sboms: { images, scratch: folder },
      pausesMs: [0],
    }),
  );
  await jobs.start();
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const named = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 's' };
  const { RepoId } = await owner(gateway, 'CreateRepository', { InstanceId, ...named });
  const repoId = String(RepoId);
  const put = (bytes: Buffer) => {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    writeFileSync(fileOf(digest), bytes);
    return { digest, size: bytes.length };
  };
  const keep = async (mediaType: string, json: object, tag?: string) => {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...json }));
    const { digest, size } = put(bytes);
    manifests.set(digest, { bytes, mediaType });
    await transaction(db, async (trx) => {
      await keepManifest(trx, { repoId, digest, sizeBytes: size, manifest: readManifest(bytes, mediaType) }, 1);
      if (tag !== undefined) await writeTag(trx, { repoId, name: tag, digest, origin: 'push' }, { by: 'me', nowMs: 1 });
    });
    return { mediaType, digest, size };
  };
  const push = async (tag: string | undefined, ...layers: (readonly MemberUnderTest[] | Buffer)[]) => {
    const packed = layers.map((layer) => put(Buffer.isBuffer(layer) ? layer : gzipSync(tarOf(layer))));
    const config = { mediaType: `${OCI}.config.v1+json`, ...put(Buffer.from('{}')) };
    return keep(`${OCI}.manifest.v1+json`, { config, layers: packed }, tag);
  };
  let sets = 0;
  const importSet = async (name: string, advisories: readonly Advisory[]) => {
    sets += 1;
    const setId = `set-${sets}`;
    const set = { setId, instanceId: InstanceId, name, source: 'OSV', createdBy: 'me', dataMs: 1, nowMs: 1 };
    await insertAdvisorySet(db, set);
    await addAdvisories(db, InstanceId, setId, advisories);
    await publishAdvisorySet(db, InstanceId, setId, 1);
  };
  const place = { InstanceId, RepoId: repoId };
  const ask = (action: Action, params: Record<string, string>) =>
    callAs(gateway, gateway, action, { ...place, ...params });
  /** Scans a tag, and gives its status once it is final. */
  const scan = async (Tag: string): Promise<unknown> => {
    await owner(gateway, 'CreateRepoTagScanTask', { ...place, Tag });
    jobs.wake();
    for (;;) {
      const { Status } = await owner(gateway, 'GetRepoTagScanStatus', { ...place, Tag });
      if (Status === 'COMPLETE' || Status === 'FAILED') return Status;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const results = async (params: Record<string, string>) => (await ask('ListRepoTagScanResult', params)).body;
  return { gateway, referrers, db, jobs, faults, place, push, keep, importSet, ask, scan, results };
}
