import { createReadStream } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import type { Image } from '@slipway/client/registry/push-image.ts';

import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import type { Compression } from './archive-file.ts';
import { blobOf, dockerManifest } from './image-json.ts';
import { makeLayer } from './layer.ts';

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };

/**
 * Makes an image of one layer from a root file system in a tar archive. The same archive gives the same image, since
 * the time of the import is not written into it. `workFolder` keeps the layer until the push is done.
 */
export async function readRootFileSystem(
  file: string,
  options: { compression: Compression; workFolder: string; architecture?: string | undefined },
): Promise<Image> {
  const names = new Set<string>();
  let count = 0;
  const layer = await makeLayer({
    open: () => createReadStream(file),
    compression: options.compression,
    name: file,
    newFile: join(options.workFolder, 'layer.tar.gz'),
    seen: (entry) => {
      count++;
      if (entry.name.split('/').includes('..')) {
        throw new CliError(
          EXIT_CODES.usage,
          `${file} contains "${entry.name}", which is outside the root, so it is not a root file system`,
        );
      }
      if (entry.name === 'bin/sh' || entry.name === 'usr/bin/sh') names.add('sh');
    },
  });
  if (count === 0) throw new CliError(EXIT_CODES.usage, `${file} contains no files, so it is not a root file system`);
  const created = '1970-01-01T00:00:00Z';
  const config = blobOf(
    Buffer.from(
      JSON.stringify({
        architecture: options.architecture ?? ARCHITECTURES[arch()] ?? arch(),
        os: 'linux',
        created,
        config: {
          Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
          ...(names.has('sh') ? { Cmd: ['/bin/sh'] } : {}),
        },
        rootfs: { type: 'layers', diff_ids: [layer.diffId] },
        history: [{ created, created_by: 'slipway image import' }],
      }),
    ),
  );
  return { blobs: [layer.blob, config], children: [], manifest: dockerManifest(config, [layer]) };
}
