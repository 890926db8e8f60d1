import type { Repository } from '#repository/repository.ts';
import type { Occurrence } from './event-rule.ts';

const SUBJECT_LIMIT_CHARS = 150;
const LINE_LIMIT_CHARS = 500;

/** What a subject says, by the type of an event and how it ended. */
const HEADLINES: Readonly<Record<Occurrence['eventType'], Readonly<Record<string, string>>>> = {
  'cr:Artifact:BuildCompleted': { SUCCESS: 'Build succeeded', FAILED: 'Build failed', CANCELED: 'Build cancelled' },
  'cr:Artifact:PushCompleted': { '': 'Image pushed' },
  'cr:Artifact:ScanCompleted': { COMPLETE: 'Scan ended', FAILED: 'Scan failed' },
  'cr:Artifact:SynchronizationCompleted': { SUCCESS: 'Image copied', ERROR: 'Copy failed', CANCELED: 'Copy cancelled' },
  'cr:Artifact:DeliveryChainCompleted': {
    SUCCESS: 'Delivery chain passed',
    FAILED: 'Delivery chain failed',
    CANCELED: 'Delivery chain cancelled',
    DENIED: 'Delivery chain stopped the image',
  },
  'cr:Artifact:SigningCompleted': { '': 'Image signed' },
};

/**
 * A mail about an event: the line of its subject, an empty line, and its text. Reasons are tenants' text: of each only the first
 * line is taken, without control characters, so nothing in it becomes a header or a second paragraph.
 */
export function mailMessage({
  occurrence,
  repository,
  publicUrl,
}: {
  occurrence: Occurrence;
  repository: Repository;
  publicUrl: string;
}): string {
  const { eventType, timeMs, tag, data } = occurrence;
  const { BuildStatus, ScanStatus, SyncStatus, ChainResult, Reason = '', ...facts } = data;
  const result = BuildStatus ?? ScanStatus ?? SyncStatus ?? ChainResult ?? '';
  const image = `${repository.namespaceName}/${repository.name}${tag === '' ? '' : `:${tag}`}`;
  const headline = HEADLINES[eventType][result] ?? eventType;
  const reason = firstLine(Reason);
  const subject = `${headline}: ${image}${reason === '' ? '' : `: ${reason}`}`;
  const lines = [
    `${headline}: ${image}`,
    ...(reason === '' ? [] : [reason]),
    '',
    linkOf(occurrence, repository, publicUrl),
    '',
    ...Object.entries(facts).map(([name, value]) => `${name}: ${firstLine(value)}`),
    `Time: ${new Date(timeMs).toISOString()}`,
  ];
  return `${cut(subject, SUBJECT_LIMIT_CHARS)}\n\n${lines.join('\n')}\n`;
}

function linkOf({ data }: Occurrence, { namespaceName, name }: Repository, publicUrl: string): string {
  const { BuildRecordId: buildRecordId } = data;
  if (buildRecordId !== undefined) return `${publicUrl}/console/builds/${buildRecordId}`;
  return `${publicUrl}/console/repositories/${namespaceName}/${name}`;
}

/** Control characters, and those that change the order in which a line is shown, become spaces. */
function firstLine(text: string): string {
  const [line = ''] = text.split(/[\n\r]/, 1);
  return cut(line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim(), LINE_LIMIT_CHARS);
}

function cut(text: string, limitChars: number): string {
  return text.length <= limitChars ? text : `${text.slice(0, limitChars - 1)}…`;
}
