import assert from 'node:assert/strict';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pairOf, startServer } from '../support/slipway.ts';
import { givenProgram, goModuleProgram } from './pinned.ts';
import { makeHome } from './programs.ts';

const RESOURCES = join(import.meta.dirname, 'terraform', 'main.tf');
/** Everything that main.tf has once of each kind, and a repository as the target of the sync rule. */
const FOUND = {
  instances: 1,
  namespaces: 1,
  repos: 2,
  sync_rules: 1,
  lifecycle: 1,
  subscribed: 1,
  chains: 1,
  chart_names: 1,
  chart_repos: 1,
  policies: 1,
  linked: 1,
  internet: 'RUNNING',
};

interface Workplace {
  /** Runs a command of OpenTofu to its end; fails the test unless it ends with 0. */
  tofu(command: string, ...args: string[]): Promise<string>;
  /** The same, whatever its exit code. */
  end(command: string, ...args: string[]): Promise<{ code: number | null; said: string }>;
  folder: string;
}

/** A folder of main.tf, with the vendor's provider and a server of its own; undefined if the test was skipped. */
async function prepare(t: TestContext, variables: Record<string, unknown> = {}): Promise<Workplace | undefined> {
  const provider = givenProgram(t, 'terraform-provider-alicloud');
  if (provider === undefined) return undefined;
  const tofu = await goModuleProgram(t, 'tofu');
  if (tofu === undefined) return undefined;
  const { root } = await startServer(t, { flags: ['--networks', 'vpc-1/vsw-1=10.8.0.0/16@10.8.0.1'] });
  const { accessKeyId: access_key, accessKeySecret: secret_key } = pairOf(root);
  const home = makeHome(t);
  const overrides = `dev_overrides { "aliyun/alicloud" = "${dirname(provider)}" }`;
  assert.equal(basename(provider), 'terraform-provider-alicloud');
  writeFileSync(join(home.folder, 'tofu.rc'), `provider_installation {\n${overrides}\ndirect {}\n}\n`);
  const shared = { host: new URL(root.Endpoint).host, access_key, secret_key, instance_id: root.InstanceId };
  writeFileSync(
    join(home.folder, 'terraform.tfvars.json'),
    JSON.stringify({ ...shared, summary: 'a web app', ...variables }),
  );
  copyFileSync(RESOURCES, join(home.folder, 'main.tf'));
  const env = { TF_CLI_CONFIG_FILE: join(home.folder, 'tofu.rc'), TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' };
  return {
    folder: home.folder,
    tofu: (command, ...args) => home.run(tofu, [command, '-no-color', ...args], { env }),
    async end(command, ...args) {
      const { code, stdout, stderr } = await home.end(tofu, [command, '-no-color', ...args], { env });
      return { code, said: stdout + stderr };
    },
  };
}

for (const entry_by_entry of [true, false])
  test(`the vendor's Terraform provider creates, reads, changes, imports and deletes all that it has of the registry, with the endpoint's list ${entry_by_entry ? 'entry by entry' : 'as a whole'}`, async (t) => {
    const place = await prepare(t, { entry_by_entry });
    if (place === undefined) return;
    const { folder, tofu, end } = place;
    const planIsEmpty = async (when: string) => {
      const { code, said } = await end('plan', '-detailed-exitcode', '-input=false');
      assert.equal(code, 0, `the plan ${when}: ${said}`);
    };
    await tofu('apply', '-auto-approve', '-input=false');
    await planIsEmpty('after the first apply');
    assert.deepEqual(JSON.parse(await tofu('output', '-json', 'found')), FOUND);

    await tofu('apply', '-auto-approve', '-input=false', '-var', 'summary=another summary');
    const { code } = await end('plan', '-detailed-exitcode', '-input=false', '-var', 'summary=another summary');
    assert.equal(code, 0, 'the plan after a change');

    const resources = resourcesOf(await tofu('show', '-json'));
    assert.ok(resources.length >= 12, `${resources.length} resources`);
    rmSync(join(folder, 'terraform.tfstate'));
    const imports = resources.map(({ address, id }) => `import {\n  to = ${address}\n  id = "${id}"\n}\n`);
    writeFileSync(join(folder, 'imports.tf'), imports.join(''));
    const imported = await tofu('apply', '-auto-approve', '-input=false', '-var', 'summary=another summary');
    assert.match(imported, new RegExp(`${resources.length} imported, 0 added, 0 changed, 0 destroyed`));
    await tofu('destroy', '-auto-approve', '-input=false');
    assert.deepEqual(resourcesOf(await tofu('show', '-json')), []);
  });

test("what the vendor's Terraform provider cannot have here is refused with the reason, and at once", async (t) => {
  const place = await prepare(t, { entry_by_entry: true });
  if (place === undefined) return;
  const rule = `resource "alicloud_cr_storage_domain_routing_rule" "no" {
  instance_id = var.instance_id
  routes {
    endpoint_type   = "Internet"
    instance_domain = var.host
    storage_domain  = "https://store.example"
  }
}
`;
  writeFileSync(join(place.folder, 'no.tf'), rule);
  const only = '-target=alicloud_cr_storage_domain_routing_rule.no';
  const { code, said } = await place.end('apply', '-auto-approve', '-input=false', only);
  assert.equal(code, 1);
  assert.match(said, /UnsupportedOperation.*Layers are served by the host of the registry itself/s);
});

/** The managed resources of a state. */
function resourcesOf(state: string): { address: string; id: string }[] {
  interface Resource {
    mode: string;
    address: string;
    values: { id: string };
  }
  const { values } = JSON.parse(state) as { values?: { root_module?: { resources?: Resource[] } } };
  const all = values?.root_module?.resources ?? [];
  return all.filter(({ mode }) => mode === 'managed').map(({ address, values: { id } }) => ({ address, id }));
}
