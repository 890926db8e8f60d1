import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ConfinedWork, ConfinedWorkExhausted } from '#confined/confined-work.ts';
import { TarMistake } from '#tar/tar-mistake.ts';
import { readTar, type TarMember } from '#tar/tar-reader.ts';
import type { ChartMetadata } from './chart-metadata.ts';
import { invalidChart } from './errors.ts';

/**
 * Limits of an unpacked archive. The first two are Helm's own (`pkg/chart/loader/archive.go`), which refuses to load
 * more.
 */
export const UNPACKED_LIMIT_BYTES = 100 * 1024 * 1024;
export const FILE_LIMIT_BYTES = 5 * 1024 * 1024;
export const ENTRIES_LIMIT = 10_000;
export const CHART_YAML_LIMIT_BYTES = 128 * 1024;
const NAME_LIMIT_CHARS = 1024;

/**
 * Reads the description of a packed chart: `FOLDER/Chart.yaml` of the gzipped tar archive. The file's own name is not
 * used. Holds one header and the Chart.yaml in memory. Throws `InvalidChart`, naming the mistake, for everything that
 * Helm would not load or that would leave its folder when unpacked.
 */
export async function readChartPackage(archive: Buffer): Promise<ChartMetadata> {
  const yaml = await findChartYaml(archive).catch((error: unknown) => {
    if (error instanceof ChartMistake || error instanceof TarMistake) throw invalidChart(error.message);
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_'))
      throw invalidChart('it is not compressed with gzip, or damaged');
    throw error;
  });
  if (!isUtf8(yaml)) throw invalidChart('its Chart.yaml is not UTF-8');
  // A server that gets no charts starts sooner without the parser.
  const { readChartYaml } = await import('./chart-metadata.ts');
  await using work = new ConfinedWork();
  const read = await work.runText({ module: CHART_METADATA, run: readChartYaml }, yaml).catch((error: unknown) => {
    if (error instanceof ConfinedWorkExhausted) throw invalidChart(`its Chart.yaml cannot be read: ${error.message}`);
    throw error;
  });
  if ('mistake' in read) throw invalidChart(read.mistake);
  return read.metadata;
}

const CHART_METADATA = import.meta.resolve('./chart-metadata.ts');

/** Why an archive is refused; ends a sentence. */
class ChartMistake extends Error {}

async function findChartYaml(archive: Buffer): Promise<Buffer> {
  let entries = 0;
  let folder: string | undefined;
  let yaml: Buffer | undefined;
  for await (const member of readTar(unpacked(archive))) {
    if (++entries > ENTRIES_LIMIT) throw new ChartMistake(`it has more than ${ENTRIES_LIMIT} files`);
    const { type, sizeBytes } = member.header;
    const { name, shown } = checkedName(member);
    if (!'05'.includes(type)) throw new ChartMistake(`${shown} is neither a file nor a folder`);
    const [first, ...below] = name.split('/');
    folder ??= first;
    if (first !== folder)
      throw new ChartMistake(`${shown} is not in the folder ${shownName(folder ?? '')} like the other files`);
    if (type === '5') continue;
    if (below.length === 0) throw new ChartMistake(`${shown} is a file beside the folder of the chart`);
    if (sizeBytes > FILE_LIMIT_BYTES) throw new ChartMistake(`${shown} has more than ${FILE_LIMIT_BYTES} bytes`);
    if (below.join('/') !== 'Chart.yaml') continue;
    if (yaml) throw new ChartMistake('it has two Chart.yaml');
    if (sizeBytes > CHART_YAML_LIMIT_BYTES)
      throw new ChartMistake(`its Chart.yaml has more than ${CHART_YAML_LIMIT_BYTES} bytes`);
    yaml = await wholeOf(member);
  }
  if (!yaml) throw new ChartMistake('it has no Chart.yaml in its folder');
  return yaml;
}

async function wholeOf(member: TarMember): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of member.content()) parts.push(part);
  return Buffer.concat(parts);
}

/** The path of a member in plain parts. */
function checkedName({ header }: TarMember): { name: string; shown: string } {
  const shown = shownName(header.name);
  if (header.name.length > NAME_LIMIT_CHARS) throw new ChartMistake(`the name ${shown} is too long`);
  if (/^([/\\]|[A-Za-z]:)/.test(header.name)) throw new ChartMistake(`the name ${shown} is absolute`);
  const parts = header.name.replace(/^\.\//, '').replace(/\/$/, '').split('/');
  if (parts.includes('..')) throw new ChartMistake(`the name ${shown} leads out of its folder`);
  const isPlain = parts.every((part) => part !== '' && part !== '.' && !part.includes('\\') && !part.includes('\0'));
  if (!isPlain) throw new ChartMistake(`the name ${shown} is not a plain path`);
  return { name: parts.join('/'), shown };
}

function shownName(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}

/** Its decompressed bytes, up to a limit. */
async function* unpacked(archive: Buffer): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const part of Readable.from([archive]).pipe(createGunzip()) as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > UNPACKED_LIMIT_BYTES) throw new ChartMistake(`it unpacks to more than ${UNPACKED_LIMIT_BYTES} bytes`);
    yield part;
  }
}
