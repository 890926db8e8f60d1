import { callNative } from '@slipway/client/call-native.ts';
import type { Card, Line } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { BUILD_ARGUMENT, findBuild, parseBuildName } from '../build/build-id.ts';
import { JSON_FLAG } from '../frame/server-command.ts';
import { cancelledBy } from '../log/cancellation.ts';
import { fixLines } from '../output/fixes.ts';
import { Output } from '../output/output.ts';
import { jsonText, LineFormatter } from '../output/print-log.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

const CAUSE = 'The line that tells the cause:';
const GUESS = 'First line that looks like an error:';

interface WhyOptions extends ServerOptions {
  json: boolean;
}

/** `slipway why ID`: the failing step, the line that tells the cause, the last lines, and what to do. */
export function registerWhy(program: Command): void {
  withServer(
    program
      .command('why')
      .description('show why a build failed')
      .argument('<build>', BUILD_ARGUMENT)
      .option(...JSON_FLAG, false),
  ).action(async (id: string, options: WhyOptions) => {
    const named = parseBuildName(id);
    await onServer(options, async (server) => {
      const id = await findBuild(server, named);
      const card = await callNative(server.client, 'getCard', { id });
      const isCancelled = card.Status === 'CANCELED' && !options.json;
      const cancelled = isCancelled ? cancelledBy(await callNative(server.client, 'getBuild', { id })) : undefined;
      const output = new Output();
      const text = options.json ? jsonText(card, output.terminal) : describe(card, output.terminal, cancelled);
      await output.write(`${text}\n`);
    });
  });
}

function describe(card: Card, terminal: boolean, cancelled: string | undefined): string {
  const { Failure, Step, Dockerfile, ErrorLine, Fixes = [] } = card;
  const rows: [string, string | undefined][] = [
    ['BuildRecordId', card.BuildRecordId],
    ['Status', card.Status],
    ['Fault', Failure && (card.Whose ?? Failure.Fault)],
    ['Reason', card.Status === 'SUCCESS' ? 'none: the build did not fail' : Failure?.Message.replace(/[\r\n]+/g, ' ')],
    ['Cancelled', cancelled],
    ['Step', Step && (Step.Place === undefined ? Step.BuildStage : `${Step.Place}: ${Step.Instruction ?? ''}`)],
    ['Exit code', card.ExitCode === undefined ? undefined : String(card.ExitCode)],
    ['Log', card.Verdict === 'partial' ? 'partial: lines may be missing at its end' : undefined],
  ];
  const table = rows.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(15)}${value}`]));
  const formatter = new LineFormatter({ terminal });
  const show = (line: Line) => formatter.format(line);
  return [
    ...table,
    ...(Dockerfile ? ['', ...describeLines(Dockerfile)] : []),
    ...(ErrorLine ? ['', card.IsGuess === false ? CAUSE : GUESS, show(ErrorLine)] : []),
    ...(card.LastLines.length > 0 ? ['', 'Last lines:', ...card.LastLines.map(show)] : []),
    ...(Fixes.length > 0 ? ['', 'What to do:', ...fixLines(Fixes).map((line) => `  ${line}`)] : []),
  ].join('\n');
}

/** The lines of the Dockerfile, each with its number; three dots for lines that the card leaves out. */
function describeLines({ Path, FirstLine, LastLine, Lines }: NonNullable<Card['Dockerfile']>) {
  const place = FirstLine === LastLine ? `line ${FirstLine}` : `lines ${FirstLine} to ${LastLine}`;
  const width = String(LastLine).length;
  const shown = Lines.map((text, at) => `${String(FirstLine + at).padStart(width + 2)}  ${text}`);
  const rest = FirstLine + Lines.length <= LastLine ? [`${'…'.padStart(width + 2)}`] : [];
  return [`${Path}, ${place}:`, ...shown, ...rest];
}
