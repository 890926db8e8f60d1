import type { Header } from 'tar-stream';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/*
 * The files of an image, merged from its layers (OCI image-spec layer.md): `.wh.NAME` hides NAME of the layers below,
 * `.wh..wh..opq` all of its folder. An image may contain anything, so no name is looked up or followed on a disk here,
 * and no name leads upwards.
 */

/** One file, folder or link of an image. Hard links are one node under several names. */
export interface ImageNode {
  header: Pick<Header, 'type' | 'mode' | 'mtime' | 'uid' | 'gid' | 'size' | 'devmajor' | 'devminor' | 'pax'>;
  /** The target of a symbolic link. */
  linkName: string;
  /** The layer that contains it, from 0, and where its content begins in that layer's tar. */
  layer: number;
  offsetBytes: number;
  /** The entries of a folder, by name, in the order of the layers. */
  children: Map<string, ImageNode>;
}

/** A member of a layer. */
export interface LayerEntry {
  name: string;
  header: Header;
  offsetBytes: number;
}

const NAME_LIMIT_BYTES = 4096;
const REPLACED = '\uFFFD';
const FOREIGN_ON_WINDOWS = /[\\:*?"<>|]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** An empty image: its root. */
export function emptyTree(): ImageNode {
  return folderNode(0);
}

/** Adds a layer on top of a tree. Throws `CliError` for a name that leads outside. */
export function applyLayer(root: ImageNode, layer: number, entries: readonly LayerEntry[]): void {
  const placed = entries.map((entry) => ({ ...entry, parts: partsOf(entry.name) }));
  // Whiteouts apply only to the layers below, wherever they are in their own layer.
  for (const { parts } of placed) hide(root, parts);
  for (const entry of placed) if (!isWhiteout(entry.parts)) place(root, layer, entry);
}

/** The names from the root to a file. Throws `CliError`. */
function partsOf(name: string): string[] {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  const isForeign = process.platform === 'win32' && parts.some((part) => FOREIGN_ON_WINDOWS.test(part));
  if (parts.includes('..') || name.includes('\0') || Buffer.byteLength(name) > NAME_LIMIT_BYTES || isForeign)
    throw cannotWrite('a file whose name cannot be written here', name);
  refuseOtherEncodings(name);
  return parts;
}

/**
 * Bytes that are not UTF-8 are lost by now: the file would not be found under another name, and two files could become
 * one.
 */
function refuseOtherEncodings(name: string): void {
  if (name.includes(REPLACED)) throw cannotWrite('a name that is not UTF-8', name, '; type=oci keeps every name');
}

function cannotWrite(what: string, name: string, fix = ''): CliError {
  return new CliError(EXIT_CODES.buildFailed, `the image holds ${what}: ${JSON.stringify(name).slice(0, 200)}${fix}`);
}

function isWhiteout(parts: readonly string[]): boolean {
  return parts.at(-1)?.startsWith(WHITEOUT) ?? false;
}

function hide(root: ImageNode, parts: readonly string[]): void {
  const name = parts.at(-1) ?? '';
  if (!name.startsWith(WHITEOUT)) return;
  const folder = find(root, parts.slice(0, -1));
  if (name === OPAQUE) folder?.children.clear();
  else folder?.children.delete(name.slice(WHITEOUT.length));
}

function find(root: ImageNode, parts: readonly string[]): ImageNode | undefined {
  let node: ImageNode | undefined = root;
  for (const part of parts) node = node?.children.get(part);
  return node;
}

function place(root: ImageNode, layer: number, entry: LayerEntry & { parts: readonly string[] }): void {
  const { parts, header, offsetBytes } = entry;
  const name = parts.at(-1);
  if (name === undefined) {
    if (header.type === 'directory') root.header = header;
    return;
  }
  let folder = root;
  for (const part of parts.slice(0, -1)) {
    let next = folder.children.get(part);
    // This layer has a folder where there was a file or link below.
    if (next?.header.type !== 'directory') {
      next = folderNode(layer);
      folder.children.set(part, next);
    }
    folder = next;
  }
  const linkName = header.linkname ?? '';
  if (header.type === 'link') {
    const target = find(root, partsOf(linkName));
    if (target === undefined || target.header.type === 'directory')
      throw cannotWrite('a hard link to a missing file', entry.name);
    folder.children.set(name, target);
    return;
  }
  refuseOtherEncodings(linkName);
  const there = folder.children.get(name);
  if (header.type === 'directory' && there?.header.type === 'directory') there.header = header;
  else folder.children.set(name, { header, linkName, layer, offsetBytes, children: new Map() });
}

function folderNode(layer: number): ImageNode {
  const header = {
    type: 'directory',
    mode: 0o755,
    mtime: new Date(0),
    uid: 0,
    gid: 0,
    size: 0,
    devmajor: 0,
    devminor: 0,
    pax: null,
  } as const;
  return { header, linkName: '', layer, offsetBytes: 0, children: new Map() };
}
