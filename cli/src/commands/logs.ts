import { counted } from '@slipway/client/counted.ts';
import type { Line } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { BUILD_ARGUMENT, findBuild, parseBuildName } from '../build/build-id.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG } from '../frame/server-command.ts';
import { parseCount, parseSince, parseStage } from '../input/log-filter.ts';
import { exitCodeOf } from '../log/build-result.ts';
import { findStep } from '../log/find-step.ts';
import { followLog } from '../log/follow-log.ts';
import { type LogPart, readLog } from '../log/read-log.ts';
import { type LogSearch, searchLog } from '../log/search-log.ts';
import { Output } from '../output/output.ts';
import { LineFormatter } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

interface LogsOptions extends ServerOptions {
  follow: boolean;
  from?: string;
  tail?: string;
  since?: string;
  timestamps: boolean;
  stage?: string;
  step?: string;
  grep?: string;
  ignoreCase: boolean;
  fixedStrings: boolean;
  contextLines?: string;
  raw: boolean;
  json: boolean;
}

/** `slipway logs [-f] ID`: the log of a build, up to now or to its end; with `-f` the exit code is the build's. */
export function registerLogs(program: Command): void {
  withServer(
    program
      .command('logs')
      .description('show the log of a build')
      .argument('<build>', BUILD_ARGUMENT)
      .option('-f, --follow', "continue until the build has ended, and exit with the build's exit code", false)
      .option('--from <line>', 'start at this line')
      .option('--tail <count>', 'show the last <count> lines')
      .option('--since <time>', 'only lines since this time: 2026-03-01T12:00:00Z, or 10m for ten minutes ago')
      .option('--timestamps', 'show the time of each line', false)
      .option('--stage <stage>', 'only lines of this stage: fetch, build or push')
      .option('--step <number>', 'only lines of this step, by its number in the log; STAGE:NUMBER if several have it')
      .option('--grep <regex>', 'only lines that match; the server searches; exit code 1 if none matches')
      .option('-i, --ignore-case', 'with --grep: ignore case', false)
      .option('-F, --fixed-strings', 'with --grep: search for a text, not a regular expression', false)
      .option(
        '-C, --context-lines <count>',
        'with --grep: <count> lines of context before and after each match (at most 20)',
      )
      .option('--raw', 'print only the messages', false)
      .option(...JSON_FLAG, false),
  ).action(async (id: string, options: LogsOptions) => {
    process.exitCode = await logs(id, options);
  });
}

async function logs(given: string, options: LogsOptions): Promise<number> {
  const named = parseBuildName(given);
  const { part, form } = parseOptions(options);
  const search = parseSearch(options, part);
  const output = new Output();
  const formatter = new LineFormatter({ terminal: output.terminal, timestamps: options.timestamps, form });
  const print = async (lines: readonly Line[], markOf?: (line: Line) => ':' | '-') => {
    if (lines.length > 0) {
      await output.write(`${lines.map((line) => formatter.format(line, markOf?.(line))).join('\n')}\n`);
    }
    // A reader such as `head` that stops early is no failure.
    if (output.gone) process.exit(0);
  };
  return await onServer(options, async (server) => {
    const id = await findBuild(server, named);
    if (options.step !== undefined) part.filter.step = await findStep(server.client, id, options.step);
    if (search === undefined) return await show(server, id, options.follow, part, print);
    const hitCount = await searchLog(server.client, id, search, async ({ lines, endsWithHit, afterGap }) => {
      if (search.context === 0) return await print(lines);
      if (afterGap && form === 'numbered') await output.write('--\n');
      const hit = endsWithHit ? lines.at(-1) : undefined;
      await print(lines, (line) => (line === hit ? ':' : '-'));
    });
    if (hitCount > 0) return 0;
    say(`no line of the log matches ${JSON.stringify(search.pattern)}`);
    return EXIT_CODES.notFound;
  });
}

function parseSearch(options: LogsOptions, { filter }: LogPart): LogSearch | undefined {
  const { grep, follow, from, tail, ignoreCase, fixedStrings, contextLines = '0' } = options;
  if (grep === undefined) {
    if (!ignoreCase && !fixedStrings && options.contextLines === undefined) return undefined;
    throw new CliError(EXIT_CODES.usage, '-i, -F and -C work only with --grep');
  }
  if (follow || from !== undefined || tail !== undefined) {
    throw new CliError(EXIT_CODES.usage, '--grep searches the whole log; leave out -f, --from and --tail');
  }
  return { pattern: grep, fixed: fixedStrings, ignoreCase, context: parseCount('-C', contextLines, 0), filter };
}

async function show(
  server: Server,
  id: string,
  follow: boolean,
  part: LogPart,
  print: (lines: readonly Line[]) => Promise<void>,
): Promise<number> {
  if (follow) return exitCodeOf(await followLog(server, id, { ...part, say }, print));
  let shownCount = 0;
  const { lineCount, verdict, reason } = await readLog(server.client, id, part, (lines) => {
    shownCount += lines.length;
    return print(lines);
  });
  if (shownCount === 0 && part.tail !== 0) {
    say(
      lineCount === 0
        ? 'the log has no lines yet'
        : `the log has ${counted(lineCount, 'line')}, of which none is selected`,
    );
  }
  if (verdict === 'partial') say(`this log is partial: ${reason}`);
  return 0;
}

function parseOptions(options: LogsOptions): { part: LogPart; form: 'numbered' | 'raw' | 'json' } {
  const { from, tail, since, stage } = options;
  if (from !== undefined && tail !== undefined)
    throw new CliError(EXIT_CODES.usage, 'use either --from or --tail, not both');
  if (options.raw && options.json) throw new CliError(EXIT_CODES.usage, 'use either --raw or --json, not both');
  return {
    part: {
      from: from === undefined ? undefined : parseCount('--from', from, 1),
      tail: tail === undefined ? undefined : parseCount('--tail', tail, 0),
      filter: {
        stage: stage === undefined ? undefined : parseStage(stage),
        sinceMs: since === undefined ? undefined : parseSince(since, Date.now()),
      },
    },
    form: options.raw ? 'raw' : options.json ? 'json' : 'numbered',
  };
}
