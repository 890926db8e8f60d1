import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';

/** What an emulated machine starts from. */
export interface EmulatedMachine {
  kernel: string;
  initialFiles: string;
  /** The kernel's command line, after the console. */
  kernelOptions: string;
  memory: string;
  /** Further arguments of the emulator: disks, shared folders, network. */
  devices: readonly string[];
}

const KVM_BEGINS_MS = 120_000;

/**
 * Runs an x86-64 machine with two processors until it powers off, and prints its serial output, which is returned. It
 * uses KVM if `begun` shows within two minutes that KVM works, and emulates the processor otherwise. Stopped after
 * `limitMs`.
 */
export async function runEmulated(machine: EmulatedMachine, begun: RegExp, limitMs: number): Promise<string> {
  if (existsSync('/dev/kvm')) {
    const said = await start(machine, 'kvm', limitMs, begun);
    if (begun.test(said)) return said;
    process.stdout.write('KVM does not work here, so the processor is emulated (this machine may itself be virtual)\n');
  }
  return start(machine, 'tcg,thread=multi', limitMs);
}

/** Also stopped if `begun` does not show within many times the usual time. */
async function start(machine: EmulatedMachine, accelerator: string, limitMs: number, begun?: RegExp): Promise<string> {
  const { kernel, initialFiles, kernelOptions, memory, devices } = machine;
  const child = spawn(
    'qemu-system-x86_64',
    [
      ...`-machine q35 -accel ${accelerator} -cpu max -smp 2 -m ${memory}`.split(' '),
      ...'-nodefaults -nographic -no-reboot -serial stdio'.split(' '),
      ...['-kernel', kernel, '-initrd', initialFiles, '-append', `console=ttyS0 ${kernelOptions}`],
      ...devices,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    process.stdout.write(chunk);
  });
  const end = () => child.kill('SIGKILL');
  const timers = [setTimeout(end, limitMs)];
  if (begun) timers.push(setTimeout(() => begun.test(said) || end(), KVM_BEGINS_MS));
  process.once('exit', end);
  await once(child, 'close');
  process.off('exit', end);
  for (const timer of timers) clearTimeout(timer);
  return said;
}
