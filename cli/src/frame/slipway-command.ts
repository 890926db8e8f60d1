import { Command, type Help } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/** The command line is not a call of this command. */
export class CommandMistake extends CliError {
  readonly command: Command;

  constructor(command: Command, message: string) {
    super(EXIT_CODES.usage, message);
    this.command = command;
  }
}

/** A command whose mistakes are reported like all others: thrown, not printed. */
export class SlipwayCommand extends Command {
  override createCommand(name?: string): Command {
    return new SlipwayCommand(name);
  }

  /** A flag that is off or absent by default needs no such remark. */
  override createHelp(): Help {
    const help = super.createHelp();
    const describe = help.optionDescription.bind(help);
    help.optionDescription = (option) => describe(option).replace(/ \(default: (?:false|\[\])\)$/, '');
    return help;
  }

  /** Commander's message, on one line; if the arguments are wrong, with the list of them. */
  override error(message: string): never {
    const sentence = message
      .replace(/^error: /, '')
      .replace(/^command-argument value '([^']*)' is invalid for argument '([^']*)'\./, 'argument $2 cannot be "$1".')
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
