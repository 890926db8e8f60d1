import { type FoundPackage, foundPackage } from './inventory.ts';

/*
 * What Go's linker writes into a program since Go 1.18, at a multiple of 16 bytes of a data segment: 32 bytes, which begin with the
 * mark, the size of a pointer and flags; then, each with its length as a varint before it, the version of Go and the text about
 * modules, the latter between two marks of 16 bytes. https://pkg.go.dev/debug/buildinfo
 */
const MARK = Buffer.from('\xff Go buildinf:', 'latin1');
const HEADER_BYTES = 32;
const FLAGS_AT = 15;
/** The texts follow the header. Older programs have pointers to them. */
const HAS_TEXTS = 2;
const MODULE_MARK_BYTES = 16;
/** The most bytes of header and texts. */
export const GO_INFO_LIMIT_BYTES = 4 * 2 ** 20;

/** Finds the header in the bytes of a program, from an offset on; undefined if there is none. */
export function findGoMark(bytes: Buffer, from: number): number | undefined {
  const at = bytes.indexOf(MARK, from);
  return at < 0 ? undefined : at;
}

/** Where a header may begin that only the next bytes complete. */
export const GO_MARK_BYTES = MARK.length;

/** Reads the data at a header; undefined for bytes that only look like one. */
export function readGoBuildInfo(bytes: Buffer): FoundPackage[] | undefined {
  if (bytes.length < HEADER_BYTES || ((bytes[FLAGS_AT] ?? 0) & HAS_TEXTS) === 0) return undefined;
  const version = readText(bytes, HEADER_BYTES);
  if (version === undefined || !version.text.startsWith('go')) return undefined;
  const modules = readText(bytes, version.end);
  if (modules === undefined) return undefined;
  const found = [foundPackage({ name: 'stdlib', version: goVersion(version.text), format: 'golang' })];
  const lines =
    modules.text.length < 2 * MODULE_MARK_BYTES
      ? []
      : modules.text.slice(MODULE_MARK_BYTES, -MODULE_MARK_BYTES).split('\n');
  for (const line of lines) {
    const [kind, name, moduleVersion] = line.split('\t');
    // The replacement of a module comes right after it.
    if (kind === '=>') found.pop();
    if (kind === 'mod' && moduleVersion === '(devel)') continue;
    if (kind === 'mod' || kind === 'dep' || kind === '=>')
      found.push(foundPackage({ name, version: moduleVersion?.replace(/^v/, ''), format: 'golang' }));
  }
  return found.filter((each) => each !== undefined);
}

/** `go1.22.3 X:experiment` is version 1.22.3; `go1.22rc1` is 1.22-rc1 in the order of versions. */
function goVersion(text: string): string {
  const version = text.slice('go'.length).split(/[ -]/, 1)[0] ?? '';
  const [, release = '', word = ''] = /^([\d.]+)([a-z]+\d*)?/.exec(version) ?? [];
  return word === '' ? release : `${release}-${word}`;
}

function readText(bytes: Buffer, from: number): { text: string; end: number } | undefined {
  let [length, at] = [0, from];
  for (let shift = 0; ; shift += 7, at += 1) {
    const byte = bytes[at];
    if (byte === undefined || shift > 28) return undefined;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  const end = at + 1 + length;
  return end > bytes.length ? undefined : { text: bytes.toString('latin1', at + 1, end), end };
}
