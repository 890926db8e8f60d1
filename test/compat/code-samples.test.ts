import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { type Client, createClient } from '../../client/src/client.ts';
import { flattenParams } from '../../client/src/flatten.ts';
import { codeSamples } from '../../console/src/pages/explorer/code-samples.ts';
import { insertBuildRecordUnderTest } from '../../server/src/build/testing/insert-build-record.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { cleanEnvironment, ROOT, temporaryFolder } from '../support/slipway.ts';

const run = promisify(execFile);
const LONG = process.env.SLIPWAY_TEST_LONG === '1';
const BUILD = '0f8fad5b-d9cb-469f-a165-70867728950e';
const ODD = `A=a'b"c\\d $(x) \`y\` *~+ %41 ü`;

interface Runner {
  file: string;
  command: readonly [program: string, ...args: string[]];
  /** Parses the sample for the vendor's client without the client's library, which no package here has. */
  parse?: readonly [program: string, ...args: string[]];
}

const PARSE_JAVA = `import com.sun.source.util.JavacTask;
import java.nio.file.Path;
import java.util.List;
import javax.tools.*;
public class Parse {
  public static void main(String[] args) throws Exception {
    var found = new DiagnosticCollector<JavaFileObject>();
    var compiler = ToolProvider.getSystemJavaCompiler();
    var files = compiler.getStandardFileManager(found, null, null).getJavaFileObjects(Path.of(args[0]));
    ((JavacTask) compiler.getTask(null, null, found, List.of(), null, files)).parse();
    if (!found.getDiagnostics().isEmpty()) throw new Exception(found.getDiagnostics().toString());
  }
}
`;
const RUNNERS: Readonly<Record<string, Runner>> = {
  TypeScript: { file: 'call.mts', command: [process.execPath, 'call.mts'] },
  Python: { file: 'call.py', command: ['python3', 'call.py'], parse: ['python3', '-m', 'py_compile', 'call.py'] },
  Go: { file: 'call.go', command: ['go', 'run', 'call.go'], parse: ['gofmt', '-e', 'call.go'] },
  Java: { file: 'Call.java', command: ['java', 'Call.java'], parse: ['java', 'Parse.java', 'Call.java'] },
  CLI: { file: 'call.sh', command: ['sh', 'call.sh'] },
  curl: { file: 'call.sh', command: ['sh', 'call.sh'] },
};
const LANGUAGES = LONG ? Object.keys(RUNNERS) : ['Python', 'curl'];

test(`code samples of the explorer do what its form does: ${LANGUAGES.join(', ')}`, async (t) => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  const owner = createClient(gateway);
  const RepoId = await makeRepository(gateway, owner);
  const role = await temporaryKey(gateway, owner);
  for (const language of LANGUAGES) {
    const folder = folderFor(t);
    await t.test(`${language} reads a log, and with temporary credentials sends a list of odd texts`, async () => {
      const log = await call(folder, gateway, { language, action: 'ListRepoBuildRecordLog' }, { BuildRecordId: BUILD });
      assert.match(log, /"Message": ?"fetch stage begin"/);
      const rule = { PushType: 'GIT_BRANCH', PushName: language, ImageTag: 'latest', BuildArgs: [ODD] };
      await call(folder, role, { language, action: 'CreateRepoBuildRule' }, rule);
      const { BuildRules = [] } = await owner.call('ListRepoBuildRule', { InstanceId, RepoId });
      assert.deepEqual(BuildRules.find(({ PushName }) => PushName === language)?.BuildArgs, [ODD]);
      const none = { BuildRecordId: '0f8fad5b-0000-469f-a165-70867728950e' };
      const refused = call(folder, gateway, { language, action: 'ListRepoBuildRecordLog' }, none);
      if (language === 'curl') assert.match(await refused, /BUILD_RECORD_NOT_EXIST/);
      else await assert.rejects(refused, /BUILD_RECORD_NOT_EXIST/);
    });
    const { file, parse: [program, ...args] = [] } = RUNNERS[language] ?? { file: '' };
    if (!LONG || program === undefined) continue;
    await t.test(`the sample for the vendor’s ${language} client is valid ${language}`, async () => {
      writeFileSync(join(folder, 'Parse.java'), PARSE_JAVA);
      const params = [['RepoId', ODD]] as const;
      const made = codeSamples({ action: 'GetRepository', version: '1', params, endpoint: 'http://h' }, undefined);
      const text = made.find((sample) => sample.language === language)?.byClient ?? '';
      assert.match(text, /GetRepository/);
      writeFileSync(join(folder, file), text);
      await run(program, args, { cwd: folder });
      writeFileSync(join(folder, file), text.replace(')', ''));
      await assert.rejects(run(program, args, { cwd: folder }), /call/i);
    });
  }

  /** Writes a sample, runs it, and returns its output. */
  async function call(
    folder: string,
    key: { accessKeyId: string; accessKeySecret: string; securityToken?: string },
    { language, action }: { language: string; action: 'ListRepoBuildRecordLog' | 'CreateRepoBuildRule' },
    params: Record<string, unknown>,
  ): Promise<string> {
    const whole = { InstanceId, RepoId, ...params };
    const { endpoint } = gateway;
    const signed = await createClient({ endpoint, ...key }).explain(action, whole);
    const sampled = { action, version: '2018-12-01', params: [...flattenParams(action, whole)], endpoint };
    const text = codeSamples(sampled, signed).find((sample) => sample.language === language)?.text ?? '';
    const runner = RUNNERS[language];
    assert.ok(runner);
    writeFileSync(join(folder, runner.file), text);
    const [program, ...args] = runner.command;
    const env = cleanEnvironment({
      ALIBABA_CLOUD_ACCESS_KEY_ID: key.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: key.accessKeySecret,
      ...(key.securityToken ? { ALIBABA_CLOUD_SECURITY_TOKEN: key.securityToken } : {}),
      // Go needs its own folder, and builds its packages there once.
      GOCACHE: join(folder, 'cache'),
      GOPATH: join(folder, 'path'),
      GOTOOLCHAIN: 'local',
      CGO_ENABLED: '0',
    });
    return (await run(program, args, { cwd: folder, env })).stdout;
  }
});

/** A folder in which a sample finds the command line and the npm packages that it names. */
function folderFor(t: TestContext): string {
  const folder = temporaryFolder(t);
  for (const name of ['slipway', 'node_modules']) symlinkSync(join(ROOT, name), join(folder, name));
  return folder;
}

/** Temporary credentials that may create rules. */
async function temporaryKey({ means, endpoint }: GatewayUnderTest, owner: Client) {
  const principal = { RAM: [`acs:ram::${means.accountId}:root`] };
  const trust = { Version: '1', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal }] };
  const AssumeRolePolicyDocument = JSON.stringify(trust);
  const { Role } = await owner.call('CreateRole', { RoleName: 'builder', AssumeRolePolicyDocument });
  const PolicyName = 'AliyunContainerRegistryFullAccess';
  await owner.call('AttachPolicyToRole', { PolicyType: 'System', PolicyName, RoleName: 'builder' });
  await owner.call('CreateUser', { UserName: 'ci' });
  const policy = { PolicyType: 'System', PolicyName: 'AliyunSTSAssumeRoleAccess', UserName: 'ci' } as const;
  await owner.call('AttachPolicyToUser', policy);
  const { AccessKey } = await owner.call('CreateAccessKey', { UserName: 'ci' });
  const user = { accessKeyId: AccessKey?.AccessKeyId ?? '', accessKeySecret: AccessKey?.AccessKeySecret ?? '' };
  const asked = { RoleArn: Role?.Arn ?? '', RoleSessionName: 'sample' };
  const { Credentials } = await createClient({ endpoint, ...user }).call('AssumeRole', asked);
  const { AccessKeyId = '', AccessKeySecret = '', SecurityToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret, securityToken: SecurityToken };
}

async function makeRepository({ instanceId: InstanceId, means }: GatewayUnderTest, owner: Client): Promise<string> {
  await owner.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const named = { RepoNamespaceName: 'team', RepoName: 'shop', RepoType: 'PRIVATE', Summary: 'shop' } as const;
  const RepoId = String((await owner.call('CreateRepository', { InstanceId, ...named })).RepoId);
  await insertBuildRecordUnderTest(means.db, { buildRecordId: BUILD, instanceId: InstanceId, repoId: RepoId });
  const log = await means.logbook.create(BUILD);
  await log.write(Buffer.from('header\nfetch stage begin\n'));
  await log.committed();
  await log.seal({ verdict: 'complete' });
  return RepoId;
}
