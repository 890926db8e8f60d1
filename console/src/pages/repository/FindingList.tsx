import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { findingsQuery, SEVERITIES, type Severity } from '../../api/scan-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { MoreButtons } from '../../ui/MoreButtons.tsx';

/** A scan of a tag's image. */
interface ListedScan {
  repoId: string;
  scanTaskId: string;
  tag: string;
}

/** What a scan found, read when it is opened. */
export function FindingList({ of, total }: { of: ListedScan; total: number }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="row-more" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        Vulnerabilities of {of.tag}: {total}
      </summary>
      {isOpen && <Findings of={of} />}
    </details>
  );
}

function Findings({ of: { repoId, scanTaskId, tag } }: { of: ListedScan }) {
  const [severity, setSeverity] = useState<Severity>();
  const [page, setPage] = useState(1);
  const id = useId();
  const filter = { page, ...(severity === undefined ? {} : { severity }) };
  const { data, error } = useQuery(findingsQuery(repoId, scanTaskId, filter));
  const choose = (text: string) => {
    setSeverity(SEVERITIES.find((each) => each === text));
    setPage(1);
  };
  if (error) return <Failure error={error} />;
  return (
    <>
      <p>
        <label htmlFor={id}>Severity</label>{' '}
        <Choice
          id={id}
          value={severity ?? ''}
          onChange={({ target }) => choose(target.value)}
          options={[['', 'All'], ...SEVERITIES.map((each) => [each, each] as const)]}
        />
      </p>
      {data?.total === 0 && <p className="quiet">No vulnerabilities of this severity.</p>}
      <ul className="rows" aria-label={`Vulnerabilities of ${tag}`}>
        {data?.findings.map((finding) => (
          <li key={`${finding.CveName} ${finding.Feature} ${finding.Version} ${finding.CveLocation}`}>
            <div className="row-line">
              <span className={finding.Severity === 'High' ? 'bad' : ''}>{finding.Severity}</span>
              <strong>
                <FindingName name={finding.CveName ?? ''} link={finding.CveLink} />
              </strong>
              <span>
                {finding.Feature} {finding.Version}
              </span>
              <span className={finding.VersionFixed ? '' : 'quiet'}>
                {finding.VersionFixed ? `fixed in ${finding.VersionFixed}` : 'no fix yet'}
              </span>
              {finding.CveLocation && <code className="quiet">{finding.CveLocation}</code>}
            </div>
          </li>
        ))}
      </ul>
      <MoreButtons
        of="vulnerabilities"
        back={page > 1 && (() => setPage(page - 1))}
        next={data?.hasMore === true && (() => setPage(page + 1))}
      />
    </>
  );
}

/** Only web addresses become links: a scanner says them. */
function FindingName({ name, link = '' }: { name: string; link?: string | undefined }) {
  if (!/^https?:\/\//i.test(link)) return name;
  return (
    <a href={link} target="_blank" rel="noreferrer noopener">
      {name}
    </a>
  );
}
