import type { Command } from 'commander';
import { EXIT_CODES } from '../error/cli-error.ts';
import { serverCommand } from '../frame/server-command.ts';

interface Readiness {
  Problems: string[];
  /** Absent if the sandbox could not be tested. */
  Platforms?: { Native: string[]; Emulated: string[]; Refusal?: string };
}

/** `slipway doctor`: what this machine lacks for building, and the fix. */
export function registerDoctor(program: Command): void {
  const what = 'check whether this machine can build, and say what is missing';
  serverCommand(program, 'doctor', what, [], async ({ endpoint }) => {
    const data = (await (await fetch(`${endpoint}/readyz`)).json()) as Readiness;
    const { Problems, Platforms } = data;
    process.exitCode = Problems.length === 0 ? 0 : EXIT_CODES.machine;
    return {
      data,
      lines: [...(Problems.length === 0 ? ['this machine can build'] : Problems), ...platformLines(Platforms)],
    };
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
