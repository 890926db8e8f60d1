import { callNative } from '@slipway/client/call-native.ts';
import { counted } from '@slipway/client/counted.ts';
import type { AdvisorySet, ImageScan } from '@slipway/client/native.gen.ts';
import { type Command, Option } from 'commander';
import type { Advisory, Severity } from '../advisories/advisory.ts';
import { readDump } from '../advisories/read-dump.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG, show } from '../frame/server-command.ts';
import { parseImage } from '../input/image-reference.ts';
import { Output } from '../output/output.ts';
import { jsonText } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import { askUntil } from '../server/ask-until.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

const PAGE_SIZE = 100;
const SEVERITIES: readonly Severity[] = ['High', 'Medium', 'Low', 'Unknown'];
/** What one call may carry, with room for the rest of it. */
const BATCH_CHARS = 600_000;
const BATCH_LIMIT = 5000;

interface ScanOptions extends ServerOptions {
  json: boolean;
  severity?: Severity;
}

/** `slipway scan`: looks up images in the advisories that `slipway scan import` imported. */
export function registerScan(program: Command): void {
  const scan = program.command('scan').description('known vulnerabilities of images');
  withServer(scan.command('image <namespace/name:tag>', { isDefault: true }))
    .description('scan an image, unless it was scanned with the same advisories, and list its vulnerabilities')
    .addOption(new Option('--severity <severity>', 'only vulnerabilities of this severity').choices(SEVERITIES))
    .option(...JSON_FLAG, false)
    .action((image: string, options: ScanOptions) => onServer(options, (server) => scanImage(server, image, options)));
  withServer(scan.command('sbom <namespace/name:tag>'))
    .description(
      'write down what an image consists of, as CycloneDX and SPDX, and keep it beside the image (referrers)',
    )
    .option(...JSON_FLAG, false)
    .action((image: string, options: ScanOptions) =>
      onServer(options, async (server) => {
        const data = await runScan(server, image, 'SBOM');
        const note = `${data.Digest} has its SBOMs now; registry clients list them as its referrers (oras discover)`;
        await show({ data, lines: [], notes: [note] }, options.json);
      }),
    );
  withServer(scan.command('import <file...>'))
    .description(
      'import advisories: an export of OSV (all.zip), the JSON of Debian’s tracker, or a file of Alpine’s secdb',
    )
    .option(...JSON_FLAG, false)
    .action((files: string[], options: ScanOptions) =>
      onServer(options, async (server) => {
        for (const file of files) await importDump(server, file, options);
      }),
    );
  withServer(scan.command('databases'))
    .description('list the advisories that scans use')
    .option(...JSON_FLAG, false)
    .action((options: ScanOptions) =>
      onServer(options, async ({ client }) => {
        const { AdvisorySets } = await callNative(client, 'listAdvisorySets', {});
        const notes = AdvisorySets.length === 0 ? ['no advisories yet; slipway scan import imports some'] : [];
        await show({ data: AdvisorySets, lines: AdvisorySets.map(setRow), notes }, options.json);
      }),
    );
  withServer(scan.command('forget <name>'))
    .description('remove the advisories that were imported under a name')
    .option(...JSON_FLAG, false)
    .action((name: string, options: ScanOptions) => onServer(options, (server) => forget(server, name, options)));
}

/** Scans an image, and waits. Throws CliError with the reason why it could not be scanned. */
async function runScan(
  { client, instanceId: InstanceId }: Server,
  image: string,
  type: ImageScan['ScanType'],
): Promise<ImageScan & { RepoId: string }> {
  const { namespace, name, tag = 'latest', digest } = parseImage(image);
  const { RepoId = '' } = await client.call('GetRepository', {
    InstanceId,
    RepoNamespaceName: namespace,
    RepoName: name,
  });
  const named = { InstanceId, RepoId, Tag: tag, ScanType: type, ...(digest === undefined ? {} : { Digest: digest }) };
  await client.call('CreateRepoTagScanTask', named);
  const place = { namespace, name, reference: digest ?? tag, type };
  const scan = await askUntil(
    () => callNative(client, 'getImageScan', place),
    ({ Status }) => Status !== 'SCANNING' && Status !== 'RETRYING',
  );
  if (scan.Status === 'FAILED')
    throw new CliError(EXIT_CODES.refused, `the image could not be scanned: ${scan.Reason}`);
  return { ...scan, RepoId };
}

async function scanImage(server: Server, image: string, options: ScanOptions): Promise<void> {
  const { client, instanceId: InstanceId } = server;
  const scan = await runScan(server, image, 'VUL');
  const { ScanTaskId, RepoId } = scan;
  const output = new Output();
  for (let PageNo = 1, total = 1; (PageNo - 1) * PAGE_SIZE < total; PageNo += 1) {
    const page = { InstanceId, RepoId, ScanTaskId, PageNo, PageSize: PAGE_SIZE, Severity: options.severity };
    const { Vulnerabilities = [], TotalCount = 0 } = await client.call('ListRepoTagScanResult', page);
    for (const each of Vulnerabilities)
      await output.write(`${options.json ? jsonText(each, output.terminal) : findingRow(each)}\n`);
    total = TotalCount;
  }
  if (!options.json) printScanSummary(scan);
}

type ShownFinding = Readonly<
  Partial<Record<'CveName' | 'Severity' | 'Feature' | 'Version' | 'VersionFixed' | 'CveLocation', string | undefined>>
>;

function findingRow({
  CveName = '',
  Severity = '',
  Feature,
  Version,
  VersionFixed,
  CveLocation,
}: ShownFinding): string {
  const fix = VersionFixed ? `fixed in ${VersionFixed}` : 'no fix yet';
  return `${Severity.padEnd(8)}${CveName.padEnd(18)}  ${Feature} ${Version}  ${fix}  ${CveLocation}`;
}

function printScanSummary({ Counts, DatabaseIsOld, DatabaseTime, Unchecked, Digest, Scanner }: ImageScan): void {
  const { High = 0, Medium = 0, Low = 0, Unknown = 0 } = Counts ?? {};
  say(`${Digest}: ${High} high, ${Medium} medium, ${Low} low, ${Unknown} of unknown severity (${Scanner})`);
  if (Unchecked.length > 0) say(`not looked up, since no advisories were imported for them: ${Unchecked.join(', ')}`);
  if (DatabaseIsOld)
    say(`the advisories are old${DatabaseTime === undefined ? '' : `: from ${date(DatabaseTime)}`}; import newer ones`);
}

async function importDump({ client }: Server, file: string, { json }: ScanOptions): Promise<void> {
  const { name: Name, source: Source, dataMs: DataTime, advisories } = await readDump(file);
  if (advisories.length === 0) throw new CliError(EXIT_CODES.usage, `${file} has no advisories`);
  const { AdvisorySetId: setId } = await callNative(client, 'createAdvisorySet', { Name, Source, DataTime });
  for (const Advisories of batchesOf(advisories)) await callNative(client, 'addAdvisories', { setId, Advisories });
  const set = await callNative(client, 'publishAdvisorySet', { setId });
  await show({ data: set, lines: [setRow(set)] }, json);
}

function* batchesOf(advisories: readonly Advisory[]): Generator<Advisory[]> {
  let [batch, chars]: [Advisory[], number] = [[], 0];
  for (const each of advisories) {
    const size = JSON.stringify(each).length;
    if (batch.length > 0 && (chars + size > BATCH_CHARS || batch.length === BATCH_LIMIT)) {
      yield batch;
      [batch, chars] = [[], 0];
    }
    batch.push(each);
    chars += size;
  }
  yield batch;
}

async function forget({ client }: Server, name: string, { json }: ScanOptions): Promise<void> {
  const { AdvisorySets } = await callNative(client, 'listAdvisorySets', {});
  const set = AdvisorySets.find(({ Name }) => Name === name);
  if (set === undefined)
    throw new CliError(EXIT_CODES.refused, `no advisories are called ${name}; see slipway scan databases`);
  await callNative(client, 'removeAdvisorySet', { setId: set.AdvisorySetId });
  await show({ data: { Name: name }, lines: [], notes: [`removed the advisories ${name}`] }, json);
}

function setRow({ Name, Count, DataTime, PublishTime }: AdvisorySet): string {
  return `${Name.padEnd(24)}  ${counted(Count, 'advisory', 'advisories').padStart(19)} of ${date(DataTime)}, imported ${date(PublishTime)}`;
}

function date(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
