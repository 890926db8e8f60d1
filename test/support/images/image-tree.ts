import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** An image as its containers see it, without times: one line per path, and the configuration. */
export interface ImageTree {
  paths: Record<string, string>;
  /** The text of small files. */
  files: Record<string, string>;
  config: object;
  /** The digest of the manifest, which includes times. */
  digest: string;
}

const TEXT_LIMIT_BYTES = 4096;

interface Inode {
  shown: string;
  text: string;
  names: Set<string>;
  layer: number;
}

/** Reads an image from an OCI layout, or from the folder that a build in the sandbox leaves. */
export function readImageTree(folder: string): ImageTree {
  const blob = (digest: string) => {
    const hex = digest.replace('sha256:', '');
    const inLayout = join(folder, 'blobs', 'sha256', hex);
    return readFileSync(existsSync(inLayout) ? inLayout : join(folder, hex));
  };
  const index = join(folder, 'index.json');
  const manifestBytes = existsSync(index)
    ? blob(JSON.parse(readFileSync(index, 'utf8')).manifests[0].digest)
    : readFileSync(join(folder, 'manifest.json'));
  const manifest = JSON.parse(manifestBytes.toString()) as { config: { digest: string }; layers: { digest: string }[] };
  const { created: _, rootfs: __, history, ...config } = JSON.parse(blob(manifest.config.digest).toString());
  const told = (history as { created?: string }[]).map(({ created: _, ...entry }) => entry);
  const tree = new Map<string, Inode>();
  for (const [layer, { digest }] of manifest.layers.entries()) lay(tree, gunzipSync(blob(digest)), layer);
  return {
    paths: Object.fromEntries([...tree].map(([path, inode]) => [path, line(inode)])),
    files: Object.fromEntries([...tree].map(([path, { text }]) => [path, text])),
    config: { ...config, history: told },
    digest: createHash('sha256').update(manifestBytes).digest('hex'),
  };
}

function line({ shown, names }: Inode): string {
  return names.size > 1 ? `${shown} also ${[...names].sort().join(' ')}` : shown;
}

/** https://github.com/opencontainers/image-spec/blob/main/layer.md */
function lay(tree: Map<string, Inode>, tar: Buffer, layer: number): void {
  for (const entry of entriesOf(tar)) {
    const path = entry.name.replace(/^\.?\/+/, '').replace(/\/$/, '');
    const parts = path.split('/');
    const last = parts.at(-1) ?? '';
    const above = parts.slice(0, -1).join('/');
    if (last === '.wh..wh..opq') remove(tree, above, (inode) => inode.layer < layer);
    else if (last.startsWith('.wh.')) removeAll(tree, [...parts.slice(0, -1), last.slice(4)].join('/'));
    else if (path !== '' && path !== '.') put(tree, path, entry, layer);
  }
}

function put(tree: Map<string, Inode>, path: string, entry: Entry, layer: number): void {
  const linked = entry.type === '1' ? tree.get(entry.link.replace(/^\.?\/+/, '')) : undefined;
  if (entry.type !== '5') remove(tree, path, () => true);
  tree.get(path)?.names.delete(path);
  const inode = linked ?? { shown: shownOf(entry), text: textOf(entry), names: new Set<string>(), layer };
  inode.names.add(path);
  tree.set(path, inode);
}

function removeAll(tree: Map<string, Inode>, path: string): void {
  remove(tree, path, () => true);
  tree.get(path)?.names.delete(path);
  tree.delete(path);
}

/** Everything below a folder. */
function remove(tree: Map<string, Inode>, path: string, isGone: (inode: Inode) => boolean): void {
  for (const [name, inode] of [...tree]) {
    if (!(path === '' || name.startsWith(`${path}/`)) || !isGone(inode)) continue;
    inode.names.delete(name);
    tree.delete(name);
  }
}

function textOf({ content }: Entry): string {
  return content.length > TEXT_LIMIT_BYTES ? '' : content.toString();
}

function shownOf({ type, mode, uid, gid, link, content, extended }: Entry): string {
  const hash = content.length === 0 ? '' : createHash('sha256').update(content).digest('hex').slice(0, 16);
  const kept = Object.entries(extended).filter(([key]) => key.startsWith('SCHILY.xattr.'));
  return [type, mode.toString(8), uid, gid, link, content.length, hash, ...kept.flat()].join(' ');
}

interface Entry {
  name: string;
  type: string;
  mode: number;
  uid: number;
  gid: number;
  link: string;
  content: Buffer;
  extended: Record<string, string>;
}

/** The entries of a tar with extended headers (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html). */
function* entriesOf(tar: Buffer): Generator<Entry> {
  let extended: Record<string, string> = {};
  for (let at = 0; at + 512 <= tar.length; ) {
    const text = (from: number, length: number) =>
      tar.toString('utf8', at + from, at + from + length).split('\0')[0] ?? '';
    const number = (from: number, length: number) => Number.parseInt(text(from, length).trim() || '0', 8);
    if (tar[at] === 0) return;
    const size = Number(extended.size ?? number(124, 12));
    const type = text(156, 1) || '0';
    const content = tar.subarray(at + 512, at + 512 + size);
    const prefix = text(345, 155);
    const entry = {
      name: extended.path ?? (prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`),
      type,
      mode: number(100, 8) & 0o7777,
      uid: Number(extended.uid ?? number(108, 8)),
      gid: Number(extended.gid ?? number(116, 8)),
      link: extended.linkpath ?? text(157, 100),
      content,
      extended,
    };
    at += 512 + Math.ceil(size / 512) * 512;
    if (type === 'x') {
      extended = recordsOf(content);
      continue;
    }
    extended = {};
    if (type !== 'g') yield entry;
  }
}

function recordsOf(content: Buffer): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString('utf8', at, space));
    const record = content.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    records[record.slice(0, equals)] = record.slice(equals + 1);
    at += length;
  }
  return records;
}
