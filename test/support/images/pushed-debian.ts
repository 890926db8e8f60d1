import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pushImage } from '../../../client/src/registry/push-image.ts';
import { tarOf } from '../../../server/src/tar/testing/tar.ts';
import { pairOf, type TestServer } from '../slipway.ts';

const OS_RELEASE = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n';
const DPKG_STATUS = `Package: libssl3
Status: install ok installed
Source: openssl
Architecture: amd64
Version: 3.0.9-1
`;

/** Pushes an image of Debian 12 with one package, libssl3 3.0.9-1. */
export async function pushDebian(server: TestServer, repository: string, tag: string): Promise<void> {
  const tar = tarOf([
    { name: 'etc/os-release', content: OS_RELEASE },
    { name: 'var/lib/dpkg/status', content: DPKG_STATUS },
  ]);
  const layer = gzipSync(tar);
  const rootfs = { type: 'layers', diff_ids: [digestOf(tar)] };
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs }));
  const parts = [
    { mediaType: 'application/vnd.oci.image.config.v1+json', bytes: config },
    { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', bytes: layer },
  ].map(({ mediaType, bytes }) => ({ mediaType, digest: digestOf(bytes), size: bytes.length, bytes }));
  const [described, ...layers] = parts.map(({ bytes: _, ...about }) => about);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config: described, layers }));
  const blobs = parts.map(({ digest, size, bytes }) => ({
    digest,
    sizeBytes: size,
    async *open() {
      yield bytes;
    },
  }));
  const login = { endpoint: server.root.Endpoint, ...pairOf(server.root) };
  await pushImage(login, { repository, tag, blobs, children: [], manifest: { mediaType, bytes: manifest } });
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
