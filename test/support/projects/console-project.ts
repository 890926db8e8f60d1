import type { TestContext } from 'node:test';
import { type BuildKey, isFinal, waitForLine, waitForStatus } from '../log-reader.ts';
import { queueBuild } from '../queue-build.ts';
import { type DemoProject, startDemoProject } from './demo-project.ts';

const ENDLESS = `FROM busybox
RUN i=0; while true; do i=$((i+1)); echo "compiling unit $i"; sleep 0.2; done
`;
const SLOW = `FROM busybox
RUN echo begun; sleep 600
`;

/** A server with everything that the console's pages show. */
export interface ConsoleProject extends DemoProject {
  running: BuildKey;
  waiting: BuildKey;
  cancelled: BuildKey;
}

/** Adds builds of every status, users, a trigger, an event rule and charts to the demo project. */
export async function startConsoleProject(t: TestContext): Promise<ConsoleProject> {
  const demo = await startDemoProject(t, ['--concurrent-builds', '1']);
  const { server, repoId } = demo;
  const { client, root } = server;
  const { InstanceId } = root;
  await client.call('CreateRepository', {
    InstanceId,
    RepoNamespaceName: 'team',
    RepoName: 'app',
    RepoType: 'PUBLIC',
    Summary: 'the app',
  });
  await client.call('CreateRepoTrigger', {
    InstanceId,
    RepoId: repoId,
    TriggerName: 'deploy',
    TriggerUrl: 'https://deploy.example/hook',
    TriggerType: 'ALL',
  });
  await client.call('CreateUser', { UserName: 'ann', DisplayName: 'Ann Example' });
  await client.call('CreateUser', { UserName: 'robot' });
  await client.call('CreateAccessKey', { UserName: 'robot' });
  await client.call('CreateGroup', { GroupName: 'developers', Comments: 'people who build' });
  await client.call('AddUserToGroup', { UserName: 'ann', GroupName: 'developers' });
  const readers = { Version: '1', Statement: [{ Effect: 'Allow', Action: ['cr:Get*', 'cr:List*'], Resource: '*' }] };
  await client.call('CreatePolicy', { PolicyName: 'readers', PolicyDocument: JSON.stringify(readers) });
  await client.call('CreatePolicy', {
    PolicyName: 'the-longest-name-of-a-policy-'.padEnd(128, 'x'),
    Description: 'Has the longest name',
    PolicyDocument: JSON.stringify(readers),
  });
  await client.call('AttachPolicyToUser', { UserName: 'ann', PolicyName: 'readers', PolicyType: 'Custom' });
  const trusted = {
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [`acs:ram::${root.AccountId}:root`] } }],
  };
  await client.call('CreateRole', { RoleName: 'deployer', AssumeRolePolicyDocument: JSON.stringify(trusted) });
  await client.call('CreateChartNamespace', { InstanceId, NamespaceName: 'charts' });
  await client.call('CreateChartRepository', { InstanceId, RepoNamespaceName: 'charts', RepoName: 'apps' });

  const cancelled = await queueBuild(t, server, { Dockerfile: SLOW }, 'team/app:v2');
  await waitForLine(client, cancelled, 'begun');
  await client.call('CancelRepoBuildRecord', cancelled);
  await waitForStatus(client, cancelled, isFinal);
  const running = await queueBuild(t, server, { Dockerfile: ENDLESS }, 'team/app:v3');
  await waitForLine(client, running, 'compiling unit 3');
  const waiting = await queueBuild(t, server, { Dockerfile: SLOW }, 'team/app:v4');
  return { ...demo, running, waiting, cancelled };
}
