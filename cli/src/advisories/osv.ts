import {
  type Advisory,
  isObject,
  objectsOf,
  type ReadAdvisories,
  type Severity,
  shortLink,
  shortSummary,
  textsOf,
} from './advisory.ts';
import { severityOfVector, severityOfWord } from './severity.ts';

/** Whether JSON is a vulnerability of https://ossf.github.io/osv-schema/ */
export function isOsv(json: Record<string, unknown>): boolean {
  return typeof json.id === 'string' && (Array.isArray(json.affected) || typeof json.modified === 'string');
}

/** Reads a vulnerability: an advisory for each package and each name that it has at CVE. Gives none for one that was withdrawn. */
export function readOsv(json: Record<string, unknown>): ReadAdvisories {
  const modified = Date.parse(String(json.modified));
  const dataMs = Number.isNaN(modified) ? undefined : modified;
  if (json.withdrawn !== undefined) return { advisories: [], dataMs };
  const id = String(json.id);
  const known = [...textsOf(json.aliases), ...textsOf(json.upstream)].filter((name) => name.startsWith('CVE-'));
  const names = id.startsWith('CVE-') || known.length === 0 ? [id] : [...new Set(known)];
  const advisories = objectsOf(json.affected).flatMap((affected) => {
    const { ecosystem, name } = isObject(affected.package) ? affected.package : {};
    const ranges = objectsOf(affected.ranges)
      .filter(({ type }) => type !== 'GIT')
      .flatMap(({ events }) => rangesOf(objectsOf(events)));
    const versions = textsOf(affected.versions);
    if (typeof ecosystem !== 'string' || typeof name !== 'string' || ranges.length + versions.length === 0) return [];
    const rest = {
      Ecosystem: ecosystem,
      Package: ecosystem === 'PyPI' ? normalPythonName(name) : name,
      Severity: severityOf(json, affected),
      Summary: shortSummary(json.summary ?? json.details),
      Link: linkOf(json),
      Ranges: ranges,
      // What ranges say, they repeat.
      ...(ranges.length === 0 ? { Versions: versions } : {}),
    };
    return names.map((each): Advisory => ({ Name: each, ...(each === id ? {} : { Alias: id }), ...rest }));
  });
  return { advisories, dataMs };
}

type Range = NonNullable<Advisory['Ranges']>[number];

/** Events come in the order of versions; each begins or ends a range. */
function rangesOf(events: readonly Record<string, unknown>[]): Range[] {
  const ranges: Range[] = [];
  let introduced: string | undefined;
  for (const { introduced: from, fixed, last_affected: last } of events) {
    if (typeof from === 'string') {
      if (introduced !== undefined) ranges.push({ Introduced: introduced });
      introduced = from;
    } else if (introduced !== undefined && typeof fixed === 'string') {
      ranges.push({ Introduced: introduced, Fixed: fixed });
      introduced = undefined;
    } else if (introduced !== undefined && typeof last === 'string') {
      ranges.push({ Introduced: introduced, LastAffected: last });
      introduced = undefined;
    }
  }
  if (introduced !== undefined) ranges.push({ Introduced: introduced });
  return ranges;
}

/** What people said comes before what a vector says. */
function severityOf(json: Record<string, unknown>, affected: Record<string, unknown>): Severity {
  const own = [affected.ecosystem_specific, affected.database_specific, json.database_specific].filter(isObject);
  for (const { severity, urgency } of own) {
    const word = severityOfWord(severity) ?? severityOfWord(urgency);
    if (word !== undefined) return word;
  }
  for (const { score } of [...objectsOf(affected.severity), ...objectsOf(json.severity)]) {
    const found = severityOfWord(score) ?? severityOfVector(String(score));
    if (found !== undefined) return found;
  }
  return 'Unknown';
}

function linkOf(json: Record<string, unknown>): string | undefined {
  const references = objectsOf(json.references);
  const best = references.find(({ type }) => type === 'ADVISORY') ?? references[0];
  return shortLink(best?.url) ?? shortLink(`https://osv.dev/vulnerability/${String(json.id)}`);
}

/** https://packaging.python.org/en/latest/specifications/name-normalization/ */
function normalPythonName(name: string): string {
  return name.toLowerCase().split(/[-_.]/).filter(Boolean).join('-');
}
