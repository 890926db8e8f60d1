import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { detectCompression, readArchive } from './archive-file.ts';
import { applyLayer, emptyTree, type ImageNode, type LayerEntry } from './image-tree.ts';
import { type PlatformImage, partFile } from './pulled-image.ts';
import { createTarReader } from './tar-listing.ts';

/** The merged files of an image, and how to read one. */
export interface ImageFiles {
  root: ImageNode;
  read(node: ImageNode): Readable;
}

/** Merges the layers of an image whose parts are in `folder`, and unpacks them there. Throws `CliError`. */
export async function readImageFiles(image: PlatformImage, folder: string): Promise<ImageFiles> {
  const root = emptyTree();
  const tars: string[] = [];
  for (const [at, { digest }] of image.layers.entries()) {
    const file = partFile(folder, digest);
    const tar = join(folder, `${image.manifest.digest.slice(-16)}-${at}.tar`);
    const entries: LayerEntry[] = [];
    const reader = createTarReader(`the layer ${digest}`, ({ name, offsetBytes }, header) => {
      entries.push({ name, header, offsetBytes });
    });
    async function* read(source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        await reader.write(chunk);
        yield chunk;
      }
      await reader.end();
    }
    try {
      await pipeline(readArchive(file, await detectCompression(file)), read, createWriteStream(tar));
    } finally {
      reader.close();
    }
    applyLayer(root, at, entries);
    tars.push(tar);
  }
  const read = ({ layer, offsetBytes, header: { size } }: ImageNode): Readable => {
    if (size === 0) return Readable.from([]);
    return createReadStream(tars[layer] ?? '', { start: offsetBytes, end: offsetBytes + size - 1 });
  };
  return { root, read };
}
