import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { LayerOutput } from './convert-layer.ts';

/** A folder in which layers are converted, one after the other. */
export interface LayerFolder extends AsyncDisposable {
  /** Lets `fill` write a layer. Returns its result, and a way to read the layer until the next one is written. */
  write<Result>(fill: (output: LayerOutput) => Promise<Result>): Promise<{ result: Result; read(): Readable }>;
}

/** Creates one below `parent`, which is removed on disposal. */
export async function makeLayerFolder(parent: string): Promise<LayerFolder> {
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'layers-'));
  const [layer, toc] = [join(folder, 'layer'), join(folder, 'toc')];
  return {
    async write(fill) {
      await using files = new AsyncDisposableStack();
      const create = async (path: string) => files.use(await open(path, 'w'));
      const [layerFile, tocFile] = [await create(layer), await create(toc)];
      const result = await fill({
        write: (bytes) => append(layerFile, bytes),
        writeToc: (bytes) => append(tocFile, bytes),
        readToc: () => createReadStream(toc),
      });
      return { result, read: () => createReadStream(layer) };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Removes what a server left behind that died during a conversion. */
export async function clearLayerFolders(parent: string): Promise<void> {
  await rm(parent, { recursive: true, force: true });
}

async function append(file: FileHandle, bytes: Buffer): Promise<void> {
  await file.writeFile(bytes);
}
