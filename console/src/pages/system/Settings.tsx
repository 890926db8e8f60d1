import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { settingsQuery } from '../../api/system-queries.ts';
import { Failure } from '../../failure/Failure.tsx';

type ListedSetting = NativeCalls['listSettings']['reply']['Settings'][number];

/** The settings as they are: first those that somebody set. */
export function Settings() {
  const { data, error } = useQuery(settingsQuery());
  const [isAll, setAll] = useState(false);
  const shown = data?.Settings.filter(({ Origin }) => isAll || Origin !== 'default') ?? [];
  return (
    <section aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      {error && <Failure error={error} />}
      {data && (
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
          {shown.length === 0 ? <p className="quiet">Every setting is at its default.</p> : <Table settings={shown} />}
        </>
      )}
    </section>
  );
}

function Table({ settings }: { settings: readonly ListedSetting[] }) {
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
          <tr key={setting.Name} title={setting.Description}>
            <td>
              <code>{setting.Name}</code>
            </td>
            <td className="wide">
              <Value {...setting} />
            </td>
            <td className="quiet">{setting.Default === undefined ? '–' : `default ${setting.Default}`}</td>
            <td className={setting.Origin === 'default' ? 'quiet' : ''}>{setting.Origin}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ Value: value, Secret: isSecret, Origin: origin }: ListedSetting) {
  if (value !== undefined) return <code>{value}</code>;
  return <span className="quiet">{isSecret && origin !== 'default' ? 'set; secret' : 'not set'}</span>;
}
