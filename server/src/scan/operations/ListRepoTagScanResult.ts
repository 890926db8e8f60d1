import { invalidParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import type { Finding } from '../advisory/finding.ts';
import { listFindings } from '../scan-store.ts';
import { getNamedResult, scannedResource } from '../scanned-image.ts';

const QUERY_LIMIT_CHARS = 256;

/** The vulnerabilities of an image, most severe first. With FilterValue, only that field of each. */
export default operation('ListRepoTagScanResult', {
  resource: (context, params) => scannedResource(context.db, params),

  async run(context, params) {
    const { scanId } = await getNamedResult(context.db, params);
    const { Severity: severity, ScanType: kind, VulQueryKey: search, FilterValue } = params;
    if (search !== undefined && search.length > QUERY_LIMIT_CHARS)
      throw invalidParameter('VulQueryKey', `it is longer than ${QUERY_LIMIT_CHARS} characters.`);
    const field = fieldOf(FilterValue);
    const page = planPage(params);
    const { findings, total } = await listFindings(context.db, scanId, { severity, kind, search }, page);
    const entries = findings.map(entryOf);
    return {
      Vulnerabilities: field === undefined ? entries : entries.map((entry) => ({ [field]: entry[field] })),
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TotalCount: total,
    };
  },
});

function entryOf(finding: Finding) {
  return {
    AddedBy: finding.layer,
    AliasName: finding.alias,
    CveLink: finding.link,
    CveLocation: finding.path === '' ? '' : `/${finding.path}`,
    CveName: finding.name,
    Description: finding.description,
    Feature: finding.package,
    FixCmd: finding.fixCommand,
    ScanType: finding.kind,
    Severity: finding.severity,
    Version: finding.version,
    VersionFixed: finding.fixedVersion,
    VersionFormat: finding.format,
  };
}

type Entry = ReturnType<typeof entryOf>;

const FIELDS: readonly (keyof Entry)[] = [
  ...(['AddedBy', 'AliasName', 'CveLink', 'CveLocation', 'CveName', 'Description', 'Feature'] as const),
  ...(['FixCmd', 'ScanType', 'Severity', 'Version', 'VersionFixed', 'VersionFormat'] as const),
];

function fieldOf(text: string | undefined): keyof Entry | undefined {
  if (text === undefined) return undefined;
  const field = FIELDS.find((each) => each === text);
  if (field === undefined) throw invalidParameter('FilterValue', `it must be one of ${FIELDS.join(', ')}.`);
  return field;
}
