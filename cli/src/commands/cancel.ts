import { callNative } from '@slipway/client/call-native.ts';
import type { Command } from 'commander';
import { BUILD_ARGUMENT, findBuild, parseBuildName } from '../build/build-id.ts';
import { type BuildKey, DETACH_FLAG, followOrDetach } from '../build/watch-build.ts';
import { type CommandOptions, JSON_FLAG, serverCommand } from '../frame/server-command.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, withServer } from '../server/on-server.ts';

/** `slipway cancel BUILD` and `slipway rebuild BUILD`. */
export function registerCancel(program: Command): void {
  serverCommand(program, 'cancel', 'cancel a build that waits or runs', [], async (server, [build = '']) => {
    const { Status, ...key } = await buildOf(server, build);
    if (Status !== 'PENDING' && Status !== 'BUILDING')
      return { data: key, lines: [], notes: [`the build has already ended: ${Status}; nothing is changed`] };
    await server.client.call('CancelRepoBuildRecord', key);
    const notes = [`the build is being cancelled; slipway logs -f ${key.BuildRecordId} shows its end`];
    return { data: key, lines: [], notes };
  }).argument('<build>', BUILD_ARGUMENT);
  withServer(program.command('rebuild').description('build again what a build built, and show the log'))
    .argument('<build>', BUILD_ARGUMENT)
    .option(...DETACH_FLAG, false)
    .option(...JSON_FLAG, false)
    .action(async (build: string, options: CommandOptions & { detach: boolean }) => {
      process.exitCode = await onServer({ ...options, lasting: options.detach }, async (server) => {
        const { Status: _, ...key } = await buildOf(server, build);
        const { BuildRecordId = '' } = await server.client.call('CreateBuildRecordByRecord', key);
        return followOrDetach(server, { ...key, BuildRecordId }, options);
      });
    });
}

async function buildOf(server: Server, build: string): Promise<BuildKey & { Status: string }> {
  const id = await findBuild(server, parseBuildName(build));
  const { InstanceId, RepoId, BuildRecordId, Status } = await callNative(server.client, 'getBuild', { id });
  return { InstanceId, RepoId, BuildRecordId, Status };
}
