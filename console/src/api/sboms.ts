import { readApiError } from '@slipway/client/api-call-error.ts';
import { callNative } from '@slipway/client/call-native.ts';
import { reach } from '../failure/reach.ts';
import { currentClient } from '../session/session.ts';
import { beginScan, isScanning } from './scan-queries.ts';

/** What an image consists of, as a file for other tools. */
export interface Sbom {
  /** Such as `CycloneDX`, with the platform for one image of an index. */
  label: string;
  file: string;
  bytes: Blob;
}

const FORMATS: Readonly<Record<string, { label: string; extension: string }>> = {
  'application/vnd.cyclonedx+json': { label: 'CycloneDX', extension: 'cdx.json' },
  'application/spdx+json': { label: 'SPDX', extension: 'spdx.json' },
};
const ASK_EVERY_MS = 500;
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

interface Manifest {
  manifests?: { digest: string; platform?: { os?: string; architecture?: string; variant?: string } }[];
  layers?: { digest: string }[];
}

/** Makes the SBOMs of an image, unless it has them, and reads them from the registry. */
export async function readSboms(image: {
  namespace: string;
  name: string;
  repoId: string;
  tag: string;
  digest: string;
}): Promise<Sbom[]> {
  const { namespace, name, repoId, tag, digest } = image;
  await beginScan(repoId, tag, 'SBOM');
  const place = { namespace, name, reference: tag, type: 'SBOM' } as const;
  let scan = await callNative(currentClient(), 'getImageScan', place);
  while (isScanning(scan)) {
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    scan = await callNative(currentClient(), 'getImageScan', place);
  }
  if (scan.Status === 'FAILED') throw new Error(`No SBOM could be made: ${scan.Reason ?? 'no reason is known'}.`);
  const read = await registryReader(`${namespace}/${name}`);
  const { manifests } = (await (await read(`manifests/${digest}`)).json()) as Manifest;
  const subjects = manifests?.map((each) => ({ digest: each.digest, platform: platformOf(each.platform) }));
  const sboms: Sbom[] = [];
  for (const subject of subjects ?? [{ digest, platform: '' }]) {
    const referrers = (await (await read(`referrers/${subject.digest}`)).json()) as {
      manifests: { digest: string; artifactType?: string }[];
    };
    // The last of each format: an image may have been asked about before.
    const newest = new Map(referrers.manifests.map((each) => [each.artifactType ?? '', each.digest]));
    for (const [type, format] of Object.entries(FORMATS)) {
      const found = newest.get(type);
      if (found === undefined) continue;
      const [layer] = ((await (await read(`manifests/${found}`)).json()) as Manifest).layers ?? [];
      const bytes = await (await read(`blobs/${layer?.digest}`)).blob();
      const ending = subject.platform === '' ? '' : `-${subject.platform.replaceAll('/', '-')}`;
      const label = subject.platform === '' ? format.label : `${format.label}, ${subject.platform}`;
      sboms.push({ label, file: `${name}-${tag}${ending}.${format.extension}`, bytes });
    }
  }
  return sboms;
}

function platformOf(platform: { os?: string; architecture?: string; variant?: string } = {}): string {
  return [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/');
}

/** Reads paths of a repository in the registry. Throws ApiCallError. */
async function registryReader(repository: string): Promise<(path: string) => Promise<Response>> {
  const scope = encodeURIComponent(`repository:${repository}:pull`);
  const { token } = (await (await checked(await currentClient().fetch(`/token?scope=${scope}`))).json()) as {
    token: string;
  };
  const headers = { authorization: `Bearer ${token}`, accept: MANIFEST_TYPES };
  return async (path) => checked(await reach(`/v2/${repository}/${path}`, { headers }));
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = await response.text();
  const [refused] = (JSON.parse(text) as { errors?: { message: string }[] }).errors ?? [];
  if (refused !== undefined) throw new Error(`The registry answers: ${refused.message}.`);
  throw readApiError(response.status, text);
}
