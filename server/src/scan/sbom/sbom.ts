import { createHash } from 'node:crypto';
import type { Distribution, Inventory, Package } from '../inventory/inventory.ts';

/** The content of an image as a document in one of the formats that other tools read. */
export interface Sbom {
  mediaType: 'application/vnd.cyclonedx+json' | 'application/spdx+json';
  bytes: Buffer;
}

/** The image that a document describes. */
export interface SbomSubject {
  /** `namespace/name`. */
  repository: string;
  digest: string;
  createdMs: number;
}

/** The documents about an image; they are identical for the same image and time. */
export function sbomsOf(subject: SbomSubject, inventory: Inventory): Sbom[] {
  return [
    { mediaType: 'application/vnd.cyclonedx+json', bytes: json(cycloneDx(subject, inventory)) },
    { mediaType: 'application/spdx+json', bytes: json(spdx(subject, inventory)) },
  ];
}

function json(document: object): Buffer {
  return Buffer.from(JSON.stringify(document));
}

/** https://cyclonedx.org/docs/1.5/json/ */
function cycloneDx({ repository, digest, createdMs }: SbomSubject, { distribution, packages }: Inventory): object {
  const system =
    distribution === undefined
      ? []
      : [
          {
            type: 'operating-system',
            name: distribution.id,
            ...(distribution.version === '' ? {} : { version: distribution.version }),
          },
        ];
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuidOf(digest)}`,
    version: 1,
    metadata: {
      timestamp: new Date(createdMs).toISOString(),
      tools: { components: [{ type: 'application', name: 'slipway' }] },
      component: { type: 'container', 'bom-ref': digest, name: repository, version: digest },
    },
    components: [
      ...system,
      ...packages.map((each, at) => ({
        type: 'library',
        'bom-ref': `package-${at}`,
        name: each.name,
        version: each.version,
        purl: packageUrl(each, distribution),
        ...(each.license === undefined ? {} : { licenses: [{ license: { name: each.license } }] }),
        properties: [
          { name: 'slipway:path', value: each.path },
          { name: 'slipway:layer', value: each.layer },
        ],
      })),
    ],
  };
}

/** https://spdx.github.io/spdx-spec/v2.3/ */
function spdx({ repository, digest, createdMs }: SbomSubject, { distribution, packages }: Inventory): object {
  const image = { SPDXID: 'SPDXRef-Image', name: repository, versionInfo: digest };
  const described = packages.map((each, at) => ({
    SPDXID: `SPDXRef-Package-${at}`,
    name: each.name,
    versionInfo: each.version,
    ...(each.license === undefined ? {} : { licenseComments: each.license }),
    externalRefs: [
      {
        referenceCategory: 'PACKAGE-MANAGER',
        referenceType: 'purl',
        referenceLocator: packageUrl(each, distribution),
      },
    ],
    sourceInfo: `/${each.path} in layer ${each.layer}`,
  }));
  const common = { downloadLocation: 'NOASSERTION', filesAnalyzed: false };
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `${repository}@${digest}`,
    documentNamespace: `urn:uuid:${uuidOf(digest)}`,
    creationInfo: { created: new Date(createdMs).toISOString().replace(/\.\d+Z$/, 'Z'), creators: ['Tool: slipway'] },
    packages: [image, ...described].map((each) => ({ ...each, ...common })),
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: image.SPDXID },
      ...described.map(({ SPDXID }) => ({
        spdxElementId: image.SPDXID,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: SPDXID,
      })),
    ],
  };
}

const URL_TYPES = { dpkg: 'deb', apk: 'apk', rpm: 'rpm', npm: 'npm', golang: 'golang', python: 'pypi' } as const;

/** https://github.com/package-url/purl-spec */
function packageUrl({ format, name, version, architecture }: Package, distribution: Distribution | undefined): string {
  const isOfDistribution = format === 'dpkg' || format === 'apk' || format === 'rpm';
  const space = isOfDistribution && distribution !== undefined ? `${encodeURIComponent(distribution.id)}/` : '';
  const path = name.split('/').map(encodeURIComponent).join('/');
  const qualifier = isOfDistribution && architecture ? `?arch=${encodeURIComponent(architecture)}` : '';
  return `pkg:${URL_TYPES[format]}/${space}${path}@${encodeURIComponent(version)}${qualifier}`;
}

/** A UUID (version 8) derived from a digest. */
function uuidOf(digest: string): string {
  const hex = createHash('sha256').update(`slipway sbom ${digest}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
