import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { parseUnambiguous } from './image-config.ts';
import { makeFolder } from './make-folder.ts';

const blobName = /^[0-9a-f]{64}$/;
const digestForm = /^sha256:([0-9a-f]{64})$/;
const largestIndexBytes = 64 * 1024;
const largestManifestBytes = 2 ** 20;

/**
 * Turns an image folder of skopeo's `dir:` form into an OCI image layout of the same bytes, in place
 * (https://github.com/opencontainers/image-spec/blob/main/image-layout.md). The folder must have one image, whose manifest has
 * the digest given. Gives the digest of its configuration; throws where it is no image of that form.
 */
export function toImageLayout(folder: string, digest: string): string {
  const manifest = readSmallFile(`${folder}/manifest.json`, largestManifestBytes);
  const hex = createHash('sha256').update(manifest).digest('hex');
  if (digest !== `sha256:${hex}`) throw new Error(`the manifest has the digest sha256:${hex}`);
  const { mediaType, config } = parseUnambiguous(manifest.toString(), 'manifest') as {
    mediaType?: unknown;
    config?: { digest?: unknown };
  };
  const configHex = digestForm.exec(String(config?.digest))?.[1];
  if (configHex === undefined) throw new Error('its manifest names no configuration');
  const blobs = `${folder}/blobs/sha256`;
  makeFolder(blobs, 0o755);
  for (const name of readdirSync(folder)) {
    if (blobName.test(name)) renameSync(`${folder}/${name}`, `${blobs}/${name}`);
    else if (name !== 'blobs') rmSync(`${folder}/${name}`, { recursive: true });
  }
  writeFileSync(`${blobs}/${hex}`, manifest);
  const type = typeof mediaType === 'string' ? mediaType : 'application/vnd.oci.image.manifest.v1+json';
  const manifests = [{ mediaType: type, digest, size: manifest.length }];
  writeFileSync(`${folder}/index.json`, JSON.stringify({ schemaVersion: 2, manifests }));
  writeFileSync(`${folder}/oci-layout`, '{"imageLayoutVersion":"1.0.0"}');
  return `sha256:${configHex}`;
}

/**
 * Turns what a box left, `index.json` and its blobs side by side, into an image folder of skopeo's `dir:` form. A box may have
 * written anything: nothing but regular files is read, and no more of them than is sensible. Throws where there is no image.
 */
export function toImageFolder(folder: string): void {
  const index = JSON.parse(readSmallFile(`${folder}/index.json`, largestIndexBytes).toString()) as {
    manifests?: { digest?: unknown }[];
  };
  const hexes = (index.manifests ?? []).map(({ digest }) => digestForm.exec(String(digest))?.[1]);
  const [hex] = hexes;
  if (hexes.length !== 1 || hex === undefined) throw new Error('the builder left no image, or more than one');
  renameSync(`${folder}/${hex}`, `${folder}/manifest.json`);
  rmSync(`${folder}/index.json`);
  writeFileSync(`${folder}/version`, 'Directory Transport Version: 1.1\n');
}

function readSmallFile(path: string, largestBytes: number): Buffer {
  const stats = lstatSync(path);
  if (!stats.isFile() || stats.size > largestBytes)
    throw new Error(`${path} is no file of at most ${largestBytes} bytes`);
  return readFileSync(path);
}
