import type { MailLimits } from '#rpc/context.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { isMailAddress } from '#rpc/mail-address.ts';

const RECIPIENTS_LIMIT = 20;
const LIMIT_CHARS = 2048;
const START = 'mailto:';

/** Whether events go to a receiver as mail. */
export function isMailReceiver(url: string): boolean {
  return url.startsWith(START);
}

/** The recipients of `mailto:ann@example.com,bob@example.com`. */
export function recipientsOf(url: string): string[] {
  return url
    .slice(START.length)
    .split(',')
    .map((each) => each.trim());
}

/**
 * Checks the recipients of a rule, and returns them in the form that is stored. Throws InvalidParameter, which names the parameter
 * and says what is wrong with which address.
 */
export function checkMailReceiver(parameter: string, text: string, limits: MailLimits | undefined): string {
  const refuse = (reason: string) => invalidParameter(parameter, reason);
  if (limits === undefined)
    throw refuse('this server sends no mail; its operator turns mail on with smtp-url and smtp-from.');
  if (text.length > LIMIT_CHARS) throw refuse(`it has ${text.length} characters; ${LIMIT_CHARS} is the limit.`);
  if (!isMailReceiver(text))
    throw refuse('with the method mail it must be of the form mailto:ann@example.com,bob@example.com.');
  const recipients = [...new Set(recipientsOf(text))];
  if (recipients.length > RECIPIENTS_LIMIT)
    throw refuse(`it has ${recipients.length} recipients; ${RECIPIENTS_LIMIT} is the limit. Use a mailing list.`);
  const wrong = recipients.find((recipient) => !isMailAddress(recipient));
  if (wrong !== undefined)
    throw refuse(`${JSON.stringify(wrong.slice(0, 100))} is not a mail address such as ann@example.com in ASCII.`);
  const refused = refusedRecipient(recipients, limits);
  if (refused !== undefined) throw refuse(refused);
  return `${START}${recipients.join(',')}`;
}

/** Why a recipient may not get mail, as a sentence; undefined if all may. */
export function refusedRecipient(recipients: readonly string[], { domains }: MailLimits): string | undefined {
  const refused = recipients.find((recipient) => domains.length > 0 && !domains.some((each) => isIn(recipient, each)));
  return refused && `${refused} may not get mail: the setting mail-domains allows ${domains.join(', ')}.`;
}

/** In a domain, or below it. */
function isIn(recipient: string, domain: string): boolean {
  const [, own = ''] = recipient.toLowerCase().split('@');
  return own === domain.toLowerCase() || own.endsWith(`.${domain.toLowerCase()}`);
}
