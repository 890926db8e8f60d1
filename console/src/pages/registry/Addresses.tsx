import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { endpointQuery, type Module, networksQuery } from '../../api/registry-queries.ts';
import { isDenied } from '../../failure/api-failure.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import type { FieldSpec } from '../../ui/Field.tsx';
import { SureButton } from '../../ui/SureButton.tsx';
import { Collection } from '../Collection.tsx';

/** The names of the registry and of the chart repositories, and who may reach them. Who lacks a right is told once. */
export function Addresses() {
  const lacksEndpoint = denialOf(useQuery(endpointQuery('Registry')));
  const lacksNetworks = denialOf(useQuery(networksQuery('Registry')));
  const sees = { endpoint: lacksEndpoint === undefined, networks: lacksNetworks === undefined };
  return (
    <>
      {lacksEndpoint && <Lacking title="Host names and allowed addresses" error={lacksEndpoint} />}
      {lacksNetworks && <Lacking title="Linked networks" error={lacksNetworks} />}
      {(sees.endpoint || sees.networks) && (
        <>
          <Endpoint module="Registry" title="Images" sees={sees} />
          <Endpoint module="Chart" title="Charts" sees={sees} />
        </>
      )}
    </>
  );
}

function denialOf({ data, error }: { data: unknown; error: unknown }): unknown {
  return data === undefined && isDenied(error) ? error : undefined;
}

function Lacking({ title, error }: { title: string; error: unknown }) {
  return (
    <section className="part" aria-label={title}>
      <h2>{title}</h2>
      <Failure error={error} />
    </section>
  );
}

function useChanged() {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: ['endpoints'] });
}

interface EndpointProps {
  module: Module;
  title: string;
  sees: { endpoint: boolean; networks: boolean };
}

function Endpoint({ module, title, sees }: EndpointProps) {
  const { data, error } = useQuery(endpointQuery(module));
  const { instanceId: InstanceId } = currentSession();
  const [maySwitch] = useMay([{ action: 'cr:UpdateInstanceEndpointStatus', resource: `instance/${InstanceId}` }]);
  const changed = useChanged();
  const key = { InstanceId, EndpointType: 'internet', ModuleName: module } as const;
  const change = useMutation({
    mutationFn: (Enable: boolean) => currentClient().call('UpdateInstanceEndpointStatus', { ...key, Enable }),
    onSuccess: changed,
  });
  const id = `endpoint-${module.toLowerCase()}`;
  return (
    <section className="part" aria-labelledby={id}>
      <div className="page-head">
        <h2 id={id}>{title}</h2>
        {data && <span className={data.Enable ? 'good' : 'bad'}>{data.Enable ? 'reachable' : 'switched off'}</span>}
        <span className="gap" />
        {data && maySwitch && data.Enable && (
          <SureButton
            name="Switch off"
            ask="Refuse everyone?"
            of={title}
            busy={change.isPending}
            act={() => change.mutate(false)}
          />
        )}
        {data && maySwitch && !data.Enable && (
          <button type="button" disabled={change.isPending} onClick={() => change.mutate(true)}>
            Switch on
          </button>
        )}
      </div>
      {change.error && <Failure error={change.error} />}
      {sees.endpoint && (
        <>
          <Domains module={module} domains={data?.Domains} error={error} />
          <AllowList module={module} entries={data?.AclEntries} isOn={data?.Enable === true} error={error} />
        </>
      )}
      {sees.networks && <Networks module={module} />}
    </section>
  );
}

interface Domain {
  Domain?: string | undefined;
  Type?: string | undefined;
}

function Domains(props: { module: Module; domains: readonly Domain[] | undefined; error: unknown }) {
  const { module: ModuleName, domains, error } = props;
  const { instanceId: InstanceId } = currentSession();
  const resource = `instance/${InstanceId}`;
  const [mayCreate, mayDelete] = useMay([
    { action: 'cr:CreateInstanceCustomizedDomain', resource },
    { action: 'cr:DeleteInstanceCustomizedDomain', resource },
  ]);
  const key = { InstanceId, ModuleName };
  return (
    <Collection<Domain>
      inner
      id={`domains-${ModuleName}`}
      title="Host names"
      noun="host name"
      entries={domains}
      error={error}
      none="No host names."
      keyOf={({ Domain: domain = '' }) => domain}
      nameOf={({ Domain: domain = '' }) => domain}
      line={({ Domain: domain, Type }) => (
        <>
          <code>{domain}</code>
          {Type === 'SYSTEM' && <span className="quiet">the server’s own</span>}
        </>
      )}
      buttons={({ Domain: domain = '', Type }) =>
        Type === 'USER' && mayDelete && <DeleteDomain ModuleName={ModuleName} domain={domain} />
      }
      create={mayCreate && { action: 'CreateInstanceCustomizedDomain', fixed: key, fields: DOMAIN_FIELDS }}
      changed={useChanged()}
    />
  );
}

/** Only added names can be deleted. A chart's address has a path after the name. */
function DeleteDomain({ ModuleName, domain }: { ModuleName: Module; domain: string }) {
  const { instanceId: InstanceId } = currentSession();
  const [Domain = ''] = domain.split('/');
  const remove = useMutation({
    mutationFn: () => currentClient().call('DeleteInstanceCustomizedDomain', { InstanceId, ModuleName, Domain }),
    onSuccess: useChanged(),
  });
  return (
    <>
      {remove.error && <Failure error={remove.error} />}
      <SureButton name="Delete" of={`host name ${domain}`} act={() => remove.mutate()} busy={remove.isPending} />
    </>
  );
}

const DOMAIN_FIELDS: FieldSpec[] = [
  { name: 'Domain', label: 'Host name', kind: 'text', required: true, hint: 'Such as registry.example.com.' },
  {
    name: 'CertId',
    label: 'Certificate',
    kind: 'text',
    required: true,
    value: 'proxy',
    hint: 'A name from the server’s setting domain-certificates, or proxy if a proxy in front of the server has the certificate.',
  },
];

interface Entry {
  Entry?: string | undefined;
  Comment?: string | undefined;
}

function AllowList(props: { module: Module; entries: readonly Entry[] | undefined; isOn: boolean; error: unknown }) {
  const { module: ModuleName, entries, isOn, error } = props;
  const { instanceId: InstanceId } = currentSession();
  const resource = `instance/${InstanceId}`;
  const [mayCreate, mayDelete] = useMay([
    { action: 'cr:CreateInstanceEndpointAclPolicy', resource },
    { action: 'cr:DeleteInstanceEndpointAclPolicy', resource },
  ]);
  const key = { InstanceId, EndpointType: 'internet', ModuleName } as const;
  return (
    <Collection<Entry>
      inner
      id={`allowed-${ModuleName}`}
      title="Allowed addresses"
      noun="allowed address"
      plural="allowed addresses"
      entries={entries}
      error={error}
      none={isOn ? 'Every address is allowed. The first entry here refuses all others.' : 'The list is empty.'}
      keyOf={({ Entry: entry = '' }) => entry}
      nameOf={({ Entry: entry = '' }) => entry}
      line={({ Entry: entry, Comment: comment }) => (
        <>
          <code>{entry}</code>
          <span className="quiet">{comment}</span>
        </>
      )}
      create={mayCreate && { action: 'CreateInstanceEndpointAclPolicy', fixed: key, fields: ENTRY_FIELDS }}
      remove={
        mayDelete &&
        (({ Entry: entry = '' }) => currentClient().call('DeleteInstanceEndpointAclPolicy', { ...key, Entry: entry }))
      }
      changed={useChanged()}
    />
  );
}

const ENTRY_FIELDS: FieldSpec[] = [
  {
    name: 'Entry',
    label: 'Address or range',
    kind: 'text',
    required: true,
    hint: 'Such as 192.168.1.0/24. Builds and the console are not affected.',
  },
  { name: 'Comment', label: 'Comment', kind: 'text' },
];

interface Network {
  VpcId?: string | undefined;
  VswitchId?: string | undefined;
  Ip?: string | undefined;
}

function Networks({ module: ModuleName }: { module: Module }) {
  const { data, error } = useQuery(networksQuery(ModuleName));
  const { instanceId: InstanceId } = currentSession();
  const resource = `instance/${InstanceId}`;
  const [mayCreate, mayDelete] = useMay([
    { action: 'cr:CreateInstanceVpcEndpointLinkedVpc', resource },
    { action: 'cr:DeleteInstanceVpcEndpointLinkedVpc', resource },
  ]);
  const key = { InstanceId, ModuleName } as const;
  return (
    <Collection<Network>
      inner
      id={`networks-${ModuleName}`}
      title="Linked networks"
      noun="linked network"
      entries={data}
      error={error}
      none="No linked networks. Clients in a linked network are always let in."
      keyOf={({ VpcId, VswitchId }) => `${VpcId} ${VswitchId}`}
      nameOf={({ VpcId = '' }) => VpcId}
      line={({ VpcId, VswitchId, Ip }) => (
        <>
          <code>{VpcId}</code>
          <span className="quiet">
            {VswitchId} {Ip}
          </span>
        </>
      )}
      create={mayCreate && { action: 'CreateInstanceVpcEndpointLinkedVpc', fixed: key, fields: NETWORK_FIELDS }}
      remove={
        mayDelete &&
        (({ VpcId = '', VswitchId = '' }) =>
          currentClient().call('DeleteInstanceVpcEndpointLinkedVpc', { ...key, VpcId, VswitchId }))
      }
      changed={useChanged()}
    />
  );
}

const NETWORK_FIELDS: FieldSpec[] = [
  {
    name: 'VpcId',
    label: 'Network',
    kind: 'text',
    required: true,
    hint: 'Its id in the server’s setting networks.',
  },
  { name: 'VswitchId', label: 'vSwitch', kind: 'text', required: true, hint: 'Its id in the same setting.' },
];
