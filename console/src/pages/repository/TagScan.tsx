import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { counted } from '@slipway/client/counted.ts';
import type { ImageScan } from '@slipway/client/native.gen.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { readSboms } from '../../api/sboms.ts';
import { beginScan, isScanning, SEVERITIES } from '../../api/scan-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { Ago } from '../../ui/Ago.tsx';
import { formatDate } from '../../ui/durations.ts';
import { saveFile } from '../../ui/save-file.ts';
import { FindingList } from './FindingList.tsx';

/** An image that can be scanned. */
export interface ScannedTag {
  namespace: string;
  name: string;
  repoId: string;
  tag: string;
  digest: string;
}

/** What the last scan of a tag's image said, its findings, and buttons to scan it and to save what it consists of. */
export function TagScan({ of, scan, mayScan }: { of: ScannedTag; scan: ImageScan | undefined; mayScan: boolean }) {
  const { namespace, name, repoId, tag } = of;
  const queries = useQueryClient();
  const begin = useMutation({
    mutationFn: () => beginScan(repoId, tag, 'VUL'),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['scans', namespace, name] }),
  });
  const sboms = useMutation({ mutationFn: () => readSboms(of) });
  return (
    <>
      <div className="row-line">
        <ScanState scan={scan} />
        <span className="gap" />
        {mayScan && (
          <>
            <button
              type="button"
              className="small"
              aria-label={`Scan now: ${tag}`}
              disabled={begin.isPending || isScanning(scan)}
              onClick={() => begin.mutate()}
            >
              Scan now
            </button>
            <button
              type="button"
              className="small"
              aria-label={`Make the SBOM of ${tag}`}
              disabled={sboms.isPending}
              onClick={() => sboms.mutate()}
            >
              {sboms.isPending ? 'Reading the image…' : 'SBOM'}
            </button>
          </>
        )}
      </div>
      {sboms.data && (
        <div className="row-line">
          <span>{sboms.data.length === 0 ? 'This image has no SBOM.' : 'What the image consists of:'}</span>
          {sboms.data.map(({ label, file, bytes }) => (
            <button key={file} type="button" className="small" onClick={() => saveFile(bytes, file)}>
              Save {label}
            </button>
          ))}
        </div>
      )}
      {begin.error && <ScanRefused error={begin.error} />}
      {sboms.error && <Failure error={sboms.error} />}
      {scan?.Status === 'COMPLETE' && total(scan) > 0 && (
        <FindingList key={scan.ScanTaskId} of={{ repoId, tag, scanTaskId: scan.ScanTaskId }} total={total(scan)} />
      )}
    </>
  );
}

/** The state in words, so that no colour is needed; an image that nobody could look up is never called clean. */
function ScanState({ scan }: { scan: ImageScan | undefined }) {
  if (scan === undefined) return <span className="quiet">Not scanned for vulnerabilities</span>;
  if (isScanning(scan))
    return <span>{scan.Status === 'RETRYING' ? 'The scanner failed; trying again…' : 'Scanning…'}</span>;
  if (scan.Status === 'FAILED') return <span className="bad">Scan failed: {scan.Reason ?? 'no reason is known'}</span>;
  return (
    <>
      {total(scan) === 0 ? (
        <span className="good">No known vulnerabilities</span>
      ) : (
        <span className={scan.Counts?.High ? 'bad' : ''}>{countsOf(scan)}</span>
      )}
      <span className="quiet">
        scanned <Ago at={scan.EndTime ?? scan.CreateTime} />
      </span>
      {scan.DatabaseIsOld && (
        <span className="bad">
          {scan.DatabaseTime === undefined
            ? 'nobody knows how old the advisories were'
            : `advisories of ${formatDate(scan.DatabaseTime)}: import newer ones`}
        </span>
      )}
      {scan.Unchecked.length > 0 && (
        <span className="bad">not looked up, without advisories: {scan.Unchecked.join(', ')}</span>
      )}
    </>
  );
}

/** Without advisories or a scanner, the server says what to do. */
function ScanRefused({ error }: { error: unknown }) {
  return (
    <>
      <Failure error={error} />
      {error instanceof ApiCallError && error.code === 'UnsupportedOperation' && (
        <p className="row-more">{error.recommend}</p>
      )}
    </>
  );
}

function total({ Counts }: ImageScan): number {
  return SEVERITIES.reduce((sum, severity) => sum + (Counts?.[severity] ?? 0), 0);
}

/** `1 vulnerability: 1 high`, most severe first. */
function countsOf(scan: ImageScan): string {
  const parts = SEVERITIES.map((severity) => ({ severity, count: scan.Counts?.[severity] ?? 0 }))
    .filter(({ count }) => count > 0)
    .map(
      ({ severity, count }) => `${count} ${severity === 'Unknown' ? 'of unknown severity' : severity.toLowerCase()}`,
    );
  return `${counted(total(scan), 'vulnerability', 'vulnerabilities')}: ${parts.join(', ')}`;
}
