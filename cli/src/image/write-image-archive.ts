import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, copyFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Header, type Pack, pack } from 'tar-stream';
import { addEntry } from '../tar/tar-entry.ts';
import { tarHeader } from '../tar/tar-header.ts';
import type { ImageFiles } from './image-files.ts';
import type { ImageNode } from './image-tree.ts';
import { type PulledImage, partFile } from './pulled-image.ts';
import { ensureFolder, replaceFile } from './safe-folder.ts';

/**
 * Writes the merged files of images as one tar file, each image below its folder, with the images' owners, modes and
 * devices.
 */
export async function writeFilesTar(
  images: readonly { below?: string | undefined; files: ImageFiles }[],
  file: string,
): Promise<void> {
  await writeTar(file, async (tar) => {
    for (const { below, files } of images) {
      const first = new Map<ImageNode, string>();
      const add = async (node: ImageNode, name: string): Promise<void> => {
        const { type = 'file' } = node.header;
        const header = { name, type, ...tarHeader(node.header) } as Header;
        const other = first.get(node);
        if (other !== undefined) return addEntry(tar, { ...header, type: 'link', linkname: other, size: 0 });
        if (type === 'directory') {
          await addEntry(tar, { ...header, size: 0 });
          for (const [child, of] of node.children) await add(of, `${name}/${child}`);
          return;
        }
        first.set(node, name);
        if (type === 'symlink') return addEntry(tar, { ...header, linkname: node.linkName, size: 0 });
        if (type !== 'file' && type !== 'contiguous-file') return addEntry(tar, { ...header, size: 0 });
        await addStream(tar, { ...header, type: 'file', size: node.header.size }, files.read(node));
      };
      for (const [name, node] of files.root.children) await add(node, below === undefined ? name : `${below}/${name}`);
    }
  });
}

/**
 * Writes an image as OCI image layout (image-spec image-layout.md), byte for byte as the registry has it: a tar file,
 * or a folder. With `docker`, adds the files that `docker load` of any version reads.
 */
export async function writeLayout(
  image: PulledImage,
  name: { full: string; tag: string },
  target: { path: string; isFolder: boolean; docker: boolean },
): Promise<void> {
  const { mediaType, digest, size } = image.top;
  const annotations = { 'org.opencontainers.image.ref.name': name.tag, 'io.containerd.image.name': name.full };
  const texts: Record<string, string> = {
    'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
    'index.json': JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType, digest, size, annotations }] }),
  };
  const [first] = image.images;
  if (target.docker && first) {
    const pathOf = (part: string) => `blobs/sha256/${part.slice('sha256:'.length)}`;
    const layers = first.layers.map((layer) => pathOf(layer.digest));
    const listed = { Config: pathOf(first.config.digest), RepoTags: [name.full], Layers: layers };
    texts['manifest.json'] = JSON.stringify([listed]);
  }
  const digests = new Set([
    digest,
    ...image.images.flatMap(({ manifest, config, layers }) => [manifest, config, ...layers].map((part) => part.digest)),
  ]);
  if (target.isFolder) return writeLayoutFolder(image.folder, digests, texts, target.path);
  await writeTar(target.path, async (tar) => {
    for (const path of ['blobs', 'blobs/sha256'])
      await addEntry(tar, { name: path, type: 'directory', mode: FOLDER_MODE, mtime });
    for (const part of [...digests].sort()) {
      const file = partFile(image.folder, part);
      const { size: bytes } = await stat(file);
      await addStream(
        tar,
        { name: `blobs/sha256/${part.slice(7)}`, mode: 0o644, mtime, size: bytes },
        createReadStream(file),
      );
    }
    for (const [path, text] of Object.entries(texts)) await addEntry(tar, { name: path, mode: 0o644, mtime }, text);
  });
}

/** The same file may belong to the same image twice. */
const mtime = new Date(0);
const FOLDER_MODE = 0o755;

async function writeLayoutFolder(
  from: string,
  digests: ReadonlySet<string>,
  texts: Record<string, string>,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const blobs = join(folder, 'blobs', 'sha256');
  for (const path of [join(folder, 'blobs'), blobs]) {
    await ensureFolder(path);
    await chmod(path, FOLDER_MODE);
  }
  for (const digest of digests)
    await replaceFile(join(blobs, digest.slice(7)), (fresh) => copyFile(partFile(from, digest), fresh));
  for (const [path, text] of Object.entries(texts))
    await replaceFile(join(folder, path), (fresh) => writeFile(fresh, text, { flag: 'wx' }));
}

async function writeTar(file: string, fill: (tar: Pack) => Promise<void>): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createWriteStream(file));
  try {
    await fill(tar);
    tar.finalize();
  } catch (error) {
    tar.destroy();
    await written.catch(() => undefined);
    throw error;
  }
  await written;
}

async function addStream(
  tar: Pack,
  header: Header | (Partial<Header> & { name: string }),
  content: NodeJS.ReadableStream,
): Promise<void> {
  if (header.size === 0) return addEntry(tar, header, '');
  await pipeline(content, tar.entry(header as Header));
}
