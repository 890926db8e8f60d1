import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, readFileSync, rmSync, statSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { readApiError } from '@slipway/client/api-call-error.ts';
import type { CallReply, Client } from '@slipway/client/client.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG, show } from '../frame/server-command.ts';
import { Output } from '../output/output.ts';
import { jsonText } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import { utcTime } from '../output/utc-time.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';
import { registerChartPlaces } from './chart-places.ts';

interface ListOptions extends ServerOptions {
  json: boolean;
}

interface PushOptions extends ListOptions {
  force: boolean;
}

interface PullOptions extends ListOptions {
  output?: string;
}

/** A chart repository, or, with a version, one of its charts. */
interface ChartName {
  RepoNamespaceName: string;
  RepoName: string;
}

/** `slipway chart`: chart repositories, as Helm uses them, and the charts in them. */
export function registerChart(program: Command): void {
  const chart = program.command('chart').description('Helm charts in chart repositories');
  withServer(chart.command('list [namespace/name]'))
    .description('list the chart repositories, or the charts of one, most recently pushed first')
    .option(...JSON_FLAG, false)
    .action((repository: string | undefined, options: ListOptions) =>
      onServer(options, (server) =>
        repository === undefined ? listAll(server, options) : list(server, repository, options),
      ),
    );
  withServer(chart.command('push <file> <namespace/name>'))
    .description('push a packed chart (helm package) to a chart repository')
    .option('--force', 'replace the chart if this version exists', false)
    .option(...JSON_FLAG, false)
    .action((file: string, repository: string, options: PushOptions) =>
      onServer(options, (server) => push(server, file, repository, options)),
    );
  withServer(chart.command('pull <namespace/name> <chart> <version>'))
    .description('write the packed chart to a file')
    .option('--output <file>', 'file to write; by default CHART-VERSION.tgz')
    .option(...JSON_FLAG, false)
    .action((repository: string, name: string, version: string, options: PullOptions) =>
      onServer(options, (server) => pull(server, repository, { name, version }, options)),
    );
  withServer(chart.command('delete <namespace/name> <chart> <version>'))
    .description('delete a version of a chart')
    .option(...JSON_FLAG, false)
    .action((repository: string, name: string, version: string, options: ListOptions) =>
      onServer(options, (server) => remove(server, repository, { name, version }, options)),
    );
  registerChartPlaces(chart);
}

const PAGE_SIZE = 100;

async function listAll({ client, instanceId: InstanceId }: Server, { json }: ListOptions): Promise<void> {
  const output = new Output();
  for (let PageNo = 1; ; PageNo++) {
    const { Repositories = [] } = await client.call('ListChartRepository', { InstanceId, PageNo, PageSize: PAGE_SIZE });
    if (PageNo === 1 && Repositories.length === 0 && !json)
      say('no chart repositories yet; slipway chart repo create makes one');
    for (const each of Repositories) {
      const name = `${each.RepoNamespaceName}/${each.RepoName}`;
      await output.write(
        `${json ? jsonText(each, output.terminal) : `${name.padEnd(30)}  ${each.Summary ?? ''}`.trimEnd()}\n`,
      );
    }
    if (Repositories.length < PAGE_SIZE || output.gone) return;
  }
}

async function list({ client, instanceId }: Server, repository: string, { json }: ListOptions): Promise<void> {
  const names = { InstanceId: instanceId, ...parseRepository(repository) };
  const output = new Output();
  for (let PageNo = 1; ; PageNo++) {
    const { ChartReleases = [] } = await client.call('ListChartRelease', { ...names, PageNo, PageSize: PAGE_SIZE });
    if (PageNo === 1 && ChartReleases.length === 0 && !json)
      say(`no charts in ${repository} yet; slipway chart push puts one there`);
    for (const each of ChartReleases) await output.write(`${json ? jsonText(each, output.terminal) : rowOf(each)}\n`);
    if (ChartReleases.length < PAGE_SIZE || output.gone) return;
  }
}

function rowOf(release: NonNullable<CallReply<'ListChartRelease'>['ChartReleases']>[number]): string {
  const { Chart = '', Release = '', Size = '0', ModifiedTime = 0 } = release;
  const kibibytes = `${(Number(Size) / 1024).toFixed(1)} KiB`.padStart(13);
  return `${Chart.padEnd(24)}  ${Release.padEnd(16)}  ${kibibytes}  pushed ${utcTime(ModifiedTime)}`;
}

async function push({ client }: Server, file: string, repository: string, { force, json }: PushOptions): Promise<void> {
  const { RepoNamespaceName: namespace, RepoName: name } = parseRepository(repository);
  const archive = readArchive(file);
  const path = `/chart/api/${namespace}/${name}/charts${force ? '?force=true' : ''}`;
  const contentSha256 = createHash('sha256').update(archive).digest('hex');
  const headers = { 'content-type': 'application/gzip' };
  await fetchChart(client, path, { method: 'POST', body: archive, headers, contentSha256 });
  const data = { RepoNamespaceName: namespace, RepoName: name, Digest: `sha256:${contentSha256}` };
  await show({ data, lines: [], notes: [`pushed ${file} to ${namespace}/${name}`] }, json);
}

/** The server refuses larger ones; this limits what is read here. */
const READ_LIMIT_BYTES = 2 ** 30;

function readArchive(file: string): Uint8Array<ArrayBuffer> {
  try {
    if (statSync(file).size > READ_LIMIT_BYTES)
      throw new CliError(EXIT_CODES.usage, `${file} is too large for a chart`);
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      EXIT_CODES.usage,
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
    );
  }
}

async function pull(
  { client }: Server,
  repository: string,
  { name: chart, version }: { name: string; version: string },
  { output, json }: PullOptions,
): Promise<void> {
  const { RepoNamespaceName: namespace, RepoName: name } = parseRepository(repository);
  const file = `${chart}-${version}.tgz`;
  const target = output ?? file;
  // A name that is made from arguments must not lead to another folder.
  if (output === undefined && /[/\\]/.test(file))
    throw new CliError(EXIT_CODES.usage, `${file} is not the name of a chart`);
  const response = await fetchChart(client, `/chart/${namespace}/${name}/charts/${encodeURIComponent(file)}`, {});
  const stream = createWriteStream(target);
  try {
    for await (const part of response.body ?? []) if (!stream.write(part)) await once(stream, 'drain');
    stream.end();
    await finished(stream);
  } catch (error) {
    stream.destroy();
    rmSync(target, { force: true });
    throw new CliError(EXIT_CODES.machine, `${target} cannot be written: ${(error as Error).message}`);
  }
  await show({ data: { File: target }, lines: [], notes: [`wrote ${target}`] }, json);
}

async function remove(
  { client, instanceId: InstanceId }: Server,
  repository: string,
  { name: Chart, version: Release }: { name: string; version: string },
  { json }: ListOptions,
): Promise<void> {
  const names = parseRepository(repository);
  await client.call('DeleteChartRelease', { InstanceId, ...names, Chart, Release });
  const note = `deleted ${Chart} ${Release} of ${names.RepoNamespaceName}/${names.RepoName}`;
  await show({ data: { ...names, Chart, Release }, lines: [], notes: [note] }, json);
}

/** Returns a successful response; throws the server's refusal otherwise, in the form of other refusals. */
async function fetchChart(client: Client, path: string, init: Parameters<Client['fetch']>[1]): Promise<Response> {
  const response = await client.fetch(path, init);
  if (response.ok) return response;
  const text = await response.text();
  const { error } = parsed(text);
  if (error === undefined) throw readApiError(response.status, text);
  throw new CliError(response.status >= 500 ? EXIT_CODES.machine : EXIT_CODES.refused, error);
}

function parsed(text: string): { error?: string } {
  try {
    return JSON.parse(text) as { error?: string };
  } catch {
    // A proxy's page.
    return {};
  }
}

function parseRepository(repository: string): ChartName {
  const [RepoNamespaceName = '', RepoName = '', ...more] = repository.split('/');
  const isName =
    [RepoNamespaceName, RepoName].every((part) => /^[a-z0-9][a-z0-9._-]*$/.test(part)) && more.length === 0;
  if (!isName)
    throw new CliError(
      EXIT_CODES.usage,
      `name the chart repository as NAMESPACE/NAME, not ${JSON.stringify(repository)}`,
    );
  return { RepoNamespaceName, RepoName };
}
