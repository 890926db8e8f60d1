import { Command } from 'commander';
import { CliError, EXIT_CODES } from './cli-error.ts';

/** What was typed is no call of this command. */
export class CommandMistake extends CliError {
  readonly command: Command;

  constructor(command: Command, message: string) {
    super(EXIT_CODES.usage, message);
    this.command = command;
  }
}

/** A command whose mistakes are told like all others: thrown, not printed. */
export class SlipwayCommand extends Command {
  override createCommand(name?: string): Command {
    return new SlipwayCommand(name);
  }

  /** Commander's sentence, on one line; where the arguments are wrong, with those there are. */
  override error(message: string): never {
    const sentence = message
      .replace(/^error: /, '')
      .replaceAll('\n', ' ')
      .replace(/\.$/, '');
    const takes = /argument/.test(sentence) && !sentence.startsWith('option') ? `; it is ${formOf(this)}` : '';
    throw new CommandMistake(this, `${sentence}${takes}`);
  }
}

/** Where to read more after a mistake: `slipway logs --help`. */
export function helpOf(command: Command): string {
  return `${pathOf(command)} --help`;
}

/** `slipway logs [options] <id>` */
function formOf(command: Command): string {
  return `${pathOf(command)} ${command.usage()}`;
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
