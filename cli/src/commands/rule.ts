import { callNative } from '@slipway/client/call-native.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../cli-error.ts';
import { onServer, type ServerOptions, withServer } from '../on-server.ts';
import { Output } from '../output.ts';
import { say } from '../say.ts';

interface MatchOptions extends ServerOptions {
  tag: boolean;
}

/** `slipway rule match`: which rules a push would start. */
export function registerRule(program: Command): void {
  const rule = program.command('rule').description('build rules, which start builds when you push');
  withServer(rule.command('match <namespace/name> <branch>'))
    .description('show which rules a push of this branch would start, and the tag each image would get')
    .option('--tag', 'the name is a Git tag instead of a branch', false)
    .action((repository: string, push: string, options: MatchOptions) =>
      onServer(options, async ({ client }) => {
        const [namespace = '', name, ...rest] = repository.split('/');
        if (name === undefined || rest.length > 0)
          throw new CliError(EXIT_CODES.usage, `${repository} is not of the form NAMESPACE/NAME`);
        const type = options.tag ? 'GIT_TAG' : 'GIT_BRANCH';
        const { Rules, AutoBuild } = await callNative(client, 'matchRules', { namespace, name, push, type });
        const rows = Rules.map(({ BuildRuleId, PushName, ImageTag, Mistake }) =>
          [BuildRuleId, PushName, ImageTag ?? `no build: ${Mistake}`].join('  '),
        );
        await new Output().write(rows.map((row) => `${row}\n`).join(''));
        if (rows.length === 0) say(`no rule matches ${push}`);
        if (!AutoBuild) say('pushes start no builds: the repository has no source, or AutoBuild is off');
      }),
    );
}
