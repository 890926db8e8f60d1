import type { Operations } from '@slipway/client/spec.gen.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { passwordPolicyQuery, signInQuery } from '../../api/access-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMayRam } from '../../session/may-ram.ts';
import { Fact } from '../../ui/Fact.tsx';
import type { FieldSpec } from '../../ui/Field.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { ChangeFacts } from './ChangeFacts.tsx';

/** How users sign in to the console, and the rules for their passwords. */
export function SignInSettings() {
  return (
    <>
      <PageTitle parts={['Sign-in', 'Access']} />
      <Sessions />
      <PasswordRules />
    </>
  );
}

function Sessions() {
  const { data, error } = useQuery(signInQuery());
  const [mayChange] = useMayRam('*', 'SetSecurityPreference');
  const [isChanging, setChanging] = useState(false);
  const {
    LoginSessionDuration: hours = 0,
    LoginNetworkMasks: masks = '',
    AllowUserToChangePassword: may = false,
  } = data?.LoginProfilePreference ?? {};
  return (
    <section aria-labelledby="sessions">
      <div className="page-head">
        <h2 id="sessions">Sessions of the console</h2>
        <span className="gap" />
        {data && mayChange && !isChanging && (
          <button type="button" onClick={() => setChanging(true)}>
            Change session settings
          </button>
        )}
      </div>
      {error && <Failure error={error} />}
      {!data && !error && <Skeleton lines={2} of="the session settings" />}
      {data && (
        <>
          <dl className="facts">
            <Fact name="A sign-in lasts">{hours} h</Fact>
            <Fact name="From">{masks === '' ? 'everywhere' : <code>{masks.replaceAll(';', ', ')}</code>}</Fact>
            <Fact name="Users change their own passwords">{yesNo(may)}</Fact>
          </dl>
          {isChanging && (
            <ChangeFacts
              of="session settings"
              leave={() => setChanging(false)}
              action="ims.SetSecurityPreference"
              fixed={{}}
              fields={[
                {
                  name: 'LoginSessionDuration',
                  label: 'Hours that a sign-in lasts',
                  kind: 'text',
                  value: String(hours),
                },
                {
                  name: 'LoginNetworkMasks',
                  label: 'Sign in only at these addresses and ranges',
                  kind: 'area',
                  value: masks,
                  hint: 'Separated by semicolons. Empty means everywhere.',
                },
                {
                  name: 'AllowUserToChangePassword',
                  label: 'Users may change their own passwords',
                  kind: 'switch',
                  value: String(may),
                },
              ]}
            />
          )}
        </>
      )}
    </section>
  );
}

type Rules = NonNullable<Operations['ims.GetPasswordPolicy']['reply']['PasswordPolicy']>;

/** A rule: the API's parameter, words for it, and words for its value. */
type Rule = readonly [name: keyof Rules, label: string, say: (value: never) => string];

const RULES: readonly Rule[] = [
  ['MinimumPasswordLength', 'Minimum length', (value: number) => `${value} characters`],
  ['RequireLowercaseCharacters', 'Needs a lower-case letter', yesNo],
  ['RequireUppercaseCharacters', 'Needs an upper-case letter', yesNo],
  ['RequireNumbers', 'Needs a digit', yesNo],
  ['RequireSymbols', 'Needs another character', yesNo],
  [
    'MinimumPasswordDifferentCharacter',
    'Different characters',
    (value: number) => (value === 0 ? 'any number' : `${value} or more`),
  ],
  ['PasswordNotContainUserName', 'Must not contain the user’s name', yesNo],
  [
    'PasswordReusePrevention',
    'Earlier passwords',
    (value: number) => (value === 0 ? 'may be used again' : `not the last ${value}`),
  ],
  ['MaxPasswordAge', 'Expires', (value: number) => (value === 0 ? 'never' : `after ${value} days`)],
  ['HardExpire', 'An expired one is refused', yesNo],
  ['MaxLoginAttemps', 'Wrong passwords per hour', (value: number) => (value === 0 ? 'any number' : `${value}`)],
];

function PasswordRules() {
  const { data, error } = useQuery(passwordPolicyQuery());
  const [mayChange] = useMayRam('*', 'SetPasswordPolicy');
  const [isChanging, setChanging] = useState(false);
  const values: Rules = data ?? {};
  return (
    <section aria-labelledby="passwords">
      <div className="page-head">
        <h2 id="passwords">Rules for passwords</h2>
        <span className="gap" />
        {data && mayChange && !isChanging && (
          <button type="button" onClick={() => setChanging(true)}>
            Change password rules
          </button>
        )}
      </div>
      {error && <Failure error={error} />}
      {!data && !error && <Skeleton lines={2} of="the password rules" />}
      {data && (
        <>
          <dl className="facts">
            {RULES.map(([name, label, say]) => (
              <Fact key={name} name={label}>
                {say(values[name] as never)}
              </Fact>
            ))}
          </dl>
          {isChanging && (
            <ChangeFacts
              of="password rules"
              leave={() => setChanging(false)}
              action="ims.SetPasswordPolicy"
              fixed={{}}
              fields={RULES.map(
                ([name, label]): FieldSpec => ({
                  name,
                  label: FIELD_LABELS[name] ?? label,
                  kind: typeof values[name] === 'boolean' ? 'switch' : 'text',
                  value: String(values[name] ?? ''),
                }),
              )}
            />
          )}
        </>
      )}
    </section>
  );
}

/** What a number means is clear from a value, and not from an empty field. */
const FIELD_LABELS: Partial<Record<keyof Rules, string>> = {
  MinimumPasswordLength: 'Minimum length: 8 to 32',
  MinimumPasswordDifferentCharacter: 'Different characters: 0 to 8',
  PasswordReusePrevention: 'How many earlier passwords may not be used again: 0 to 24',
  MaxPasswordAge: 'Days until it expires; 0 means never',
  MaxLoginAttemps: 'Wrong passwords per hour; 0 means any number',
};

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
