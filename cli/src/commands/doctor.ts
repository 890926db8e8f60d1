import type { Command } from 'commander';
import { EXIT_CODES } from '../cli-error.ts';
import { onServer, type ServerOptions, withServer } from '../on-server.ts';
import { Output } from '../output.ts';

interface Readiness {
  Problems: string[];
  /** Absent if the sandbox could not be tested. */
  Platforms?: { Native: string[]; Emulated: string[]; Refusal?: string };
}

/** `slipway doctor`: what this machine lacks for building, and the fix. */
export function registerDoctor(program: Command): void {
  withServer(
    program.command('doctor').description('check whether this machine can build, and say what is missing'),
  ).action(async (options: ServerOptions) => {
    await onServer(options, async (server) => {
      const { Problems, Platforms } = (await (await fetch(`${server.endpoint}/readyz`)).json()) as Readiness;
      const lines = [...(Problems.length === 0 ? ['this machine can build'] : Problems), ...platformLines(Platforms)];
      await new Output().write(lines.map((line) => `${line}\n`).join(''));
      process.exitCode = Problems.length === 0 ? 0 : EXIT_CODES.machine;
    });
  });
}

function platformLines(platforms: Readiness['Platforms']): string[] {
  if (platforms === undefined) return [];
  const { Native, Emulated, Refusal } = platforms;
  return [
    `platforms: ${Native.join(', ')}`,
    ...(Emulated.length > 0 ? [`platforms under emulation: ${Emulated.join(', ')}`] : []),
    ...(Refusal === undefined ? [] : [`no other platforms: ${Refusal}`]),
  ];
}
