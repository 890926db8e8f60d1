import { registerRam } from '../commands/ram.ts';
import { SlipwayCommand } from '../slipway-command.ts';

// Runs command lines of `slipway ram`, one after another: a JSON list of lists of arguments.
for (const args of JSON.parse(process.argv[2] ?? '[]') as string[][]) {
  const program = new SlipwayCommand('slipway');
  registerRam(program);
  await program.parseAsync(['ram', ...args], { from: 'user' }).catch((cause) => {
    throw new Error(`slipway ram ${args.join(' ')}`, { cause });
  });
}
