import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { isDigest } from '#image/image.ts';
import { SYNC_PATH_HEADER, writeSyncPath } from '../contents/sync-path.ts';
import { MANIFEST_TYPES } from '../distribution/child-registry.ts';
import { type ForeignAccess, openForeignRepository } from '../foreign/foreign-registry.ts';
import { readBody } from '../foreign/pinned-request.ts';
import { RegistryError } from '../foreign/registry-error.ts';
import type { CopySource, CopyTarget, SentManifest } from './copy-ends.ts';
import { subjectOf, withReferrer } from './referrers-tag.ts';

/** A repository of another registry: `registry.example:5000` and `team/app`. */
export interface ForeignPlace {
  host: string;
  repository: string;
  access: Omit<ForeignAccess, 'signal' | 'writes'>;
  /** If images are copied there: the repositories that they came through. */
  syncPath?: readonly string[];
}

/** Reads images of another registry, which may send anything. */
export function foreignSource({ host, repository, access }: ForeignPlace): CopySource {
  const open = (signal: AbortSignal) => openForeignRepository(host, repository, { ...access, signal });
  return {
    async readManifest(reference, limitBytes, signal) {
      const answer = await open(signal).get(`manifests/${reference}`, MANIFEST_TYPES);
      const bytes = await readBody(answer, limitBytes, `${host}/${repository}: the manifest`);
      return { bytes, mediaType: answer.headers['content-type'] ?? '' };
    },
    readBlob: (digest, signal) => open(signal).get(`blobs/${digest}`),
  };
}

/** Writes images to another registry. */
export function foreignTarget({ host, repository, access, syncPath }: ForeignPlace): CopyTarget {
  const marks: Record<string, string> = syncPath === undefined ? {} : { [SYNC_PATH_HEADER]: writeSyncPath(syncPath) };
  const open = (signal: AbortSignal) => openForeignRepository(host, repository, { ...access, writes: true, signal });
  const find = async (path: string, signal: AbortSignal) => {
    try {
      return await open(signal).head(path, MANIFEST_TYPES);
    } catch (error) {
      if (error instanceof RegistryError && error.kind === 'not-found') return undefined;
      throw error;
    }
  };
  return {
    async findTag(tag, signal) {
      const headers = await find(`manifests/${tag}`, signal);
      if (headers === undefined) return undefined;
      const digest = headers['docker-content-digest'];
      if (typeof digest === 'string' && isDigest(digest)) return digest;
      const answer = await open(signal).get(`manifests/${tag}`, MANIFEST_TYPES);
      const bytes = await readBody(answer, MANIFEST_LIMIT_BYTES, `${host}/${repository}: the manifest`);
      return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    },
    hasManifest: async (digest, _mediaType, signal) => (await find(`manifests/${digest}`, signal)) !== undefined,
    hasBlob: async (digest, signal) => (await find(`blobs/${digest}`, signal)) !== undefined,
    async writeBlob([digest, sizeBytes], body, signal) {
      const registry = open(signal);
      const begun = await registry.write({ method: 'POST', path: 'blobs/uploads/', expected: 202 });
      const { location } = begun;
      if (location === undefined) throw new RegistryError('refused', `${host} does not say where layers go`);
      await registry.write({
        method: 'PUT',
        path: `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`,
        expected: 201,
        headers: { 'content-type': 'application/octet-stream', 'content-length': String(sizeBytes) },
        body,
      });
    },
    async putManifest(reference, manifest, signal) {
      const { bytes, mediaType } = manifest;
      const answer = await open(signal).write({
        method: 'PUT',
        path: `manifests/${reference}`,
        expected: 201,
        headers: { ...marks, 'content-type': mediaType, 'content-length': String(bytes.length) },
        body: Readable.from([bytes], { objectMode: false }),
      });
      const subject = subjectOf(manifest);
      // A registry that keeps lists of referrers says so.
      if (subject !== undefined && answer['oci-subject'] === undefined) await listReferrer(subject, manifest, signal);
    },
  };

  async function listReferrer(subject: string, referrer: SentManifest, signal: AbortSignal): Promise<void> {
    const path = `manifests/${subject.replace(':', '-')}`;
    const isThere = (await find(path, signal)) !== undefined;
    const before = isThere ? await open(signal).get(path, MANIFEST_TYPES) : undefined;
    const what = `${host}/${repository}: the list of referrers`;
    const list = withReferrer(before && (await readBody(before, MANIFEST_LIMIT_BYTES, what)), referrer);
    if (list === undefined) return;
    await open(signal).write({
      method: 'PUT',
      path,
      expected: 201,
      headers: { ...marks, 'content-type': list.mediaType, 'content-length': String(list.bytes.length) },
      body: Readable.from([list.bytes], { objectMode: false }),
    });
  }
}

const MANIFEST_LIMIT_BYTES = 4 * 2 ** 20;
