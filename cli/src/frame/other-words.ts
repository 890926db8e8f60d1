import { type Command, Option } from 'commander';

/** Verbs that people use for one another, and names of some commands that do the same. */
const SAME: readonly { readonly verbs: readonly string[]; readonly names?: readonly string[] }[] = [
  { verbs: ['create', 'add'] },
  { verbs: ['delete', 'remove'], names: ['forget'] },
  { verbs: ['set', 'update'] },
  { verbs: ['list'], names: ['rules', 'databases'] },
];
const DELETES = /^(delete|remove|forget)$/;

/**
 * Lets every group of commands answer to the verbs that other groups have for the same: `trigger add`, `secret delete`, `sync list`.
 * A verb that a group has a command for keeps its meaning. What deletes takes `--yes` everywhere, also where it is not needed.
 */
export function addOtherWords(group: Command): void {
  for (const { verbs, names = [] } of SAME) {
    const [only, ...more] = group.commands.filter((each) => [...verbs, ...names].includes(each.name()));
    if (only === undefined || more.length > 0) continue;
    for (const verb of verbs) if (verb !== only.name()) only.alias(verb);
  }
  for (const command of group.commands) {
    addOtherWords(command);
    if (DELETES.test(command.name()) && !command.options.some(({ long }) => long === '--yes'))
      command.addOption(new Option('--yes', 'not needed here').hideHelp());
  }
}
