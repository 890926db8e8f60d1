import { callNative } from '@slipway/client/call-native.ts';
import { counted } from '@slipway/client/counted.ts';
import type { AdvisorySet } from '@slipway/client/native.gen.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { advisorySetsQuery, scanRulesQuery } from '../../api/scan-rule-queries.ts';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import { Ago } from '../../ui/Ago.tsx';
import { Collection } from '../Collection.tsx';
import { ScanRules } from '../rule/ScanRules.tsx';

const SOURCES = { OSV: 'OSV', DEBIAN: 'Debian’s security tracker', ALPINE: 'Alpine’s secdb' };

/** Which images are scanned automatically, and with which advisories. */
export function Scanning() {
  const rules = useQuery(scanRulesQuery());
  return (
    <>
      <ScanRules rules={rules.data} error={rules.error} />
      <Advisories />
    </>
  );
}

function Advisories() {
  const { data: sets, error } = useQuery(advisorySetsQuery());
  const resource = `instance/${currentSession().instanceId}`;
  const [mayRemove] = useMay([{ action: 'cr:UpdateScanDatabase', resource }]);
  const queries = useQueryClient();
  return (
    <Collection<AdvisorySet>
      id="advisories"
      title="Advisories"
      noun="advisories"
      plural="advisories"
      entries={sets}
      error={error}
      about="A scan looks up the packages of an image in these. Import newer ones regularly."
      none={
        <>
          No advisories have been imported, so scans cannot find anything. Download a file such as OSV’s all.zip, and
          run <code>slipway scan import all.zip</code>.
        </>
      }
      keyOf={({ AdvisorySetId }) => AdvisorySetId}
      nameOf={({ Name }) => Name}
      line={(set) => (
        <>
          <strong>{set.Name}</strong>
          <span>{counted(set.Count, 'advisory', 'advisories')}</span>
          <span className="quiet">
            {SOURCES[set.Source]}, data from <Ago at={set.DataTime} />
          </span>
        </>
      )}
      remove={mayRemove && (({ AdvisorySetId: setId }) => callNative(currentClient(), 'removeAdvisorySet', { setId }))}
      changed={() => void queries.invalidateQueries({ queryKey: ['advisory sets'] })}
    />
  );
}
