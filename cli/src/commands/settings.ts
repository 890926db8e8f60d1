import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { columns } from '../frame/account-command.ts';
import { serverCommand } from '../frame/server-command.ts';

type ListedSetting = NativeCalls['listSettings']['reply']['Settings'][number];

/** `slipway settings`: the settings of a server as they are. */
export function registerSettings(program: Command): void {
  const what =
    "show the server's settings as they are: value, default, and where each was set; secrets are never shown";
  const changed = ['--changed', 'only settings that were set by a flag, a variable or the file'] as const;
  serverCommand(program, 'settings', what, [changed], async ({ client }, _, options) => {
    const { Settings } = await callNative(client, 'listSettings', {});
    const shown = options.changed ? Settings.filter(({ Origin }) => Origin !== 'default') : Settings;
    return { data: shown, lines: columns([['SETTING', 'VALUE', 'SET BY'], ...shown.map(row)]) };
  });
}

function row({ Name, Value, Origin, Secret }: ListedSetting): string[] {
  const isHidden = Secret && Value === undefined && Origin !== 'default';
  return [Name, isHidden ? '(secret)' : (Value ?? '-'), Origin];
}
