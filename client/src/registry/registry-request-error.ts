/** A registry that answered with an error, or did not answer (`status` 0). */
export class RegistryRequestError extends Error {
  override readonly name = 'RegistryRequestError';
  readonly status: number;
  /** The registry's own code, such as `DENIED`; empty if it gave none. */
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}

/** Reads the error body that registries send (OCI distribution specification, "Error Codes"). */
export async function registryRequestErrorOf(what: string, answer: Response): Promise<RegistryRequestError> {
  const text = (await answer.text()).slice(0, 65_536);
  const first = firstError(text);
  const said = first?.message ?? (text.trim().slice(0, 200) || answer.statusText);
  return new RegistryRequestError(answer.status, first?.code ?? '', `${what}: ${said} (HTTP ${answer.status})`);
}

function firstError(text: string): { code: string; message: string } | undefined {
  try {
    const body = JSON.parse(text) as { errors?: { code?: unknown; message?: unknown }[] } | null;
    const first = body?.errors?.[0];
    return first && { code: String(first.code ?? ''), message: String(first.message ?? first.code ?? '') };
  } catch {
    // A proxy in between may not answer in JSON; show its text then.
    return undefined;
  }
}
