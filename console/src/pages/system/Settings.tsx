import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { settingsQuery } from '../../api/system-queries.ts';
import { ServerPart } from './ServerPart.tsx';

const ASKED = 'setting-';

type ListedSetting = NativeCalls['listSettings']['reply']['Settings'][number];

/** The settings as they are: first those that somebody set, and the one that the address names. */
export function Settings() {
  const hash = useLocation({ select: (location) => location.hash });
  const asked = hash.startsWith(ASKED) ? hash.slice(ASKED.length) : undefined;
  const [isAll, setAll] = useState(false);
  return (
    <ServerPart id="settings" title="Settings" query={settingsQuery()} lines={6}>
      {({ Settings: settings }) => (
        <>
          <p className="quiet">
            They change when the server starts again.{' '}
            <a href="/docs/settings">What each setting does, and how to set it</a>
          </p>
          <p>
            <label>
              <input type="checkbox" checked={isAll} onChange={({ target }) => setAll(target.checked)} /> Also those at
              their default
            </label>
          </p>
          <Table
            settings={settings.filter(({ Name, Origin }) => isAll || Origin !== 'default' || Name === asked)}
            asked={asked}
          />
        </>
      )}
    </ServerPart>
  );
}

function Table({ settings, asked }: { settings: readonly ListedSetting[]; asked: string | undefined }) {
  if (settings.length === 0) return <p className="quiet">Every setting is at its default.</p>;
  return (
    <table className="grid" aria-label="Settings">
      <thead>
        <tr>
          <th scope="col">Setting</th>
          <th scope="col" className="wide">
            Value
          </th>
          <th scope="col">Default</th>
          <th scope="col">Set by</th>
        </tr>
      </thead>
      <tbody>
        {settings.map((setting) => (
          <Row key={setting.Name} setting={setting} isAsked={setting.Name === asked} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ setting, isAsked }: { setting: ListedSetting; isAsked: boolean }) {
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (isAsked) row.current?.scrollIntoView({ block: 'center' });
  }, [isAsked]);
  return (
    <tr ref={row} title={setting.Description} aria-current={isAsked ? 'true' : undefined}>
      <td>
        <code>{setting.Name}</code>
      </td>
      <td className="wide">
        <Value {...setting} />
        {isAsked && <div className="quiet">{setting.Description}</div>}
      </td>
      <td className="quiet">{setting.Default === undefined ? '–' : `default ${setting.Default}`}</td>
      <td className={setting.Origin === 'default' ? 'quiet' : ''}>{setting.Origin}</td>
    </tr>
  );
}

function Value({ Value: value, Secret: isSecret, Origin: origin }: ListedSetting) {
  if (value !== undefined) return <code>{value}</code>;
  return <span className="quiet">{isSecret && origin !== 'default' ? 'set; secret' : 'not set'}</span>;
}
