import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Package } from '../inventory/inventory.ts';
import { sbomsOf } from './sbom.ts';

const PLACE = { path: 'var/lib/dpkg/status', layer: 'sha256:1' };
const PACKAGES: Package[] = [
  { ...PLACE, name: 'libstdc++6', version: '1:12.2-1', format: 'dpkg', architecture: 'amd64', license: 'GPL-3' },
  { ...PLACE, name: '@s/p', version: '1.0.0', format: 'npm' },
];

test('an SBOM names every package by its package URL, in CycloneDX and in SPDX', () => {
  const subject = { repository: 'team/app', digest: `sha256:${'0'.repeat(64)}`, createdMs: 0 };
  const distribution = { id: 'debian', version: '12', codename: 'bookworm' };
  const [cycloneDx, spdx] = sbomsOf(subject, { distribution, packages: PACKAGES });
  const urls = ['pkg:deb/debian/libstdc%2B%2B6@1%3A12.2-1?arch=amd64', 'pkg:npm/%40s/p@1.0.0'];
  const bom = JSON.parse(String(cycloneDx?.bytes));
  assert.deepEqual(
    [bom.bomFormat, bom.specVersion, bom.metadata.component.version],
    ['CycloneDX', '1.5', subject.digest],
  );
  assert.match(bom.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(
    bom.components.map(({ purl }: { purl?: string }) => purl),
    [undefined, ...urls],
  );
  const document = JSON.parse(String(spdx?.bytes));
  const listed = document.packages as { SPDXID: string; externalRefs?: { referenceLocator: string }[] }[];
  assert.equal(document.spdxVersion, 'SPDX-2.3');
  assert.deepEqual(
    listed.map(({ externalRefs }) => externalRefs?.[0]?.referenceLocator),
    [undefined, ...urls],
  );
  const related = document.relationships.map(
    ({ relatedSpdxElement }: { relatedSpdxElement: string }) => relatedSpdxElement,
  );
  assert.deepEqual(
    related,
    listed.map(({ SPDXID }) => SPDXID),
  );
  assert.deepEqual(sbomsOf(subject, { distribution, packages: PACKAGES })[0]?.bytes, cycloneDx?.bytes);
});
