import { callNative } from '@slipway/client/call-native.ts';
import { counted } from '@slipway/client/counted.ts';
import type { HookDelivery } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { columns } from '../frame/account-command.ts';
import { serverCommand } from '../frame/server-command.ts';
import { parseRepository } from '../input/image-reference.ts';

/** The commands of `slipway source` that find out why a push builds nothing. */
export function registerSourceChecks(source: Command): void {
  const check = 'connect to a repository’s source as a build does, and list its branches and tags';
  serverCommand(source, 'check <namespace/name>', check, [], async ({ client }, [repository = '']) => {
    const data = await callNative(client, 'listSourceRefs', parseRepository(repository));
    const { Url, Problem, Branches, Tags, IsCut } = data;
    if (Problem !== undefined) throw new CliError(EXIT_CODES.buildFailed, `${Url} cannot be read: ${Problem}`);
    const notes = [`${Url} can be read`, ...(IsCut ? ['there are more; the first 1000 of each kind are listed'] : [])];
    return { data, lines: columns([...Branches.map(rowOf('branch')), ...Tags.map(rowOf('tag'))]), notes };
  });
  const list = 'list what a code host sent to a repository’s webhook, and what came of it';
  serverCommand(source, 'deliveries <namespace/name>', list, [], async ({ client }, [repository = '']) => {
    const data = await callNative(client, 'getHook', parseRepository(repository));
    const none = data.Url === undefined ? 'no webhook: slipway source hook makes one' : 'nothing was sent yet';
    const notes = data.Deliveries.length === 0 ? [none] : [];
    return { data, lines: columns(data.Deliveries.map(deliveryRow)), notes };
  });
  const again = 'process a delivery again, by the rules as they are now';
  serverCommand(source, 'redeliver <namespace/name> <delivery>', again, [], async ({ client }, args) => {
    const [repository = '', deliveryId = ''] = args;
    const data = await callNative(client, 'redeliverHook', { ...parseRepository(repository), deliveryId });
    const notes = data.Result === 'nothing' ? [`nothing was built: ${data.Notes.join('; ')}`] : [];
    return { data, lines: columns([deliveryRow(data)]), notes };
  });
}

function rowOf(kind: string) {
  return (name: string) => [kind, name];
}

function deliveryRow({ DeliveryId, ReceiveTime, Result, Event, Builds, Notes }: HookDelivery): string[] {
  const pull = Event?.PullRequest === undefined ? '' : `${Event.PullRequest} into `;
  const event = Event === undefined ? '-' : `${Event.Kind} ${pull}${Event.Name}`;
  const built = Builds.map(({ BuildRecordId, ImageTag }) => `${BuildRecordId} as ${ImageTag}`);
  const why = [...built, ...Notes].join('; ') || counted(Builds.length, 'build');
  return [DeliveryId, new Date(ReceiveTime).toISOString(), Result, event, why];
}
