import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertGolden } from '../support/api/golden-file.ts';
import { pairOf } from '../support/slipway.ts';
import { goProgram } from './pinned.ts';
import { makeHome } from './programs.ts';
import { startRegistry } from './who-logs-in.ts';

test('the conformance suite of the OCI distribution specification passes, except for the tests in its golden file', async (t) => {
  const suite = await goProgram(t, 'conformance');
  if (suite === undefined) return;
  const { host, root } = await startRegistry(t);
  const { accessKeyId, accessKeySecret } = pairOf(root);
  const home = makeHome(t);
  const env = {
    OCI_REGISTRY: host,
    OCI_TLS: 'disabled',
    OCI_REPO1: 'team/conformance-1',
    OCI_REPO2: 'team/conformance-2',
    OCI_USERNAME: accessKeyId,
    OCI_PASSWORD: accessKeySecret,
    OCI_VERSION: '1.1',
    OCI_LOG: 'error',
    // docs/clients.md has the reasons.
    OCI_DATA_SHA512: 'false',
    OCI_DATA_NONDISTRIBUTABLE: 'false',
  };
  // It exits with 1 if any test fails, as the exceptions do.
  const { stdout } = await home.end(suite, [], { env });
  const judged = stdout.split('\n').filter((line) => /^ {2}\S.*\.: +(Pass|FAIL|Skip|Disabled|Error)$/.test(line));
  const failures = failedTests(readFileSync(join(home.folder, 'results', 'junit.xml'), 'utf8'));
  assertGolden('oci-conformance.txt', `${[...judged, '', ...failures].join('\n')}\n`);
});

/** The names of the tests that failed, without the parts that differ between runs. */
function failedTests(xml: string): string[] {
  return [...xml.matchAll(/<testcase name="([^"]+)"[^>]*status="failure"/g)].map(([, name = '']) => name).sort();
}
