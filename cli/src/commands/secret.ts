import { callNative } from '@slipway/client/call-native.ts';
import { type Command, Option } from 'commander';
import { type CommandOption, serverCommand } from '../frame/server-command.ts';
import { textOf } from '../frame/typed-option.ts';
import { readGivenFile } from '../input/given-file.ts';

const PLACE: CommandOption = ['--repository <namespace/name>', 'only for this repository'];

/** `slipway secret`: what steps of builds mount with `--mount=type=secret,id=NAME`. */
export function registerSecret(program: Command): void {
  const group = program.command('secret').description('secrets that steps mount: RUN --mount=type=secret,id=NAME');
  const setting = 'set a secret for one repository, or for all';
  serverCommand(group, 'set <name>', setting, [PLACE], async ({ client }, [secret = ''], options) => {
    const repository = textOf(options.repository);
    const Value = readGivenFile(String(options.file), 'file');
    await callNative(client, 'setBuildSecret', { secret, repository, Value });
    const notes = [`set the secret ${secret} for ${placeOf(repository)}`];
    return { data: { Name: secret, Repository: repository }, lines: [], notes };
  }).addOption(
    new Option('--file <file>', 'file with the value, used unchanged; - reads standard input').makeOptionMandatory(),
  );
  serverCommand(group, 'list', 'list the secrets, without values', [PLACE], async ({ client }, _, options) => {
    const { Secrets } = await callNative(client, 'listBuildSecrets', { repository: textOf(options.repository) });
    const notes = Secrets.length === 0 ? ['no secrets yet; slipway secret set makes one'] : [];
    return { data: Secrets, lines: Secrets.map(({ Name, Repository }) => `${Name}  ${placeOf(Repository)}`), notes };
  });
  serverCommand(group, 'remove <name>', 'remove a secret', [PLACE], async ({ client }, [secret = ''], options) => {
    const repository = textOf(options.repository);
    await callNative(client, 'removeBuildSecret', { secret, repository });
    const notes = [`removed the secret ${secret} for ${placeOf(repository)}`];
    return { data: { Name: secret, Repository: repository }, lines: [], notes };
  });
}

function placeOf(repository: string | undefined): string {
  return repository ?? 'all repositories';
}
