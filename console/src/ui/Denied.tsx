interface DeniedProps {
  /** The RAM action that the caller's policies lack, such as `cr:ListNamespace`. */
  action: string;
  /** The resource it was asked for, as `acs:…`. */
  resource?: string | undefined;
}

/** One sentence instead of what the caller may not see: the missing action, and whom to ask. It is no fault, so not red. */
export function Denied({ action, resource }: DeniedProps) {
  return (
    <p className="denied">
      <svg className="denied-sign" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5" />
      </svg>
      <span>
        Your policies lack <code>{action}</code>
        {resource !== undefined && (
          <>
            {' '}
            on <code>{resource}</code>
          </>
        )}
        . Ask an administrator of the account for it.
      </span>
    </p>
  );
}
