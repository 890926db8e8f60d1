const LOCAL_PART = /^[A-Za-z0-9!#$&'*+/=^_`{|}~.-]{1,64}$/;
const LABEL = /^[A-Za-z0-9-]{1,63}$/;
const DOMAIN_LIMIT_CHARS = 253;

/** Whether a text is a mail address that every mail server takes without quoting, in ASCII, and nothing beside it. */
export function isMailAddress(text: string): boolean {
  const [local = '', domain = '', ...more] = text.split('@');
  const isLocal = LOCAL_PART.test(local) && !local.split('.').includes('');
  const labels = domain.split('.');
  const isDomain = labels.every((label) => LABEL.test(label) && !label.startsWith('-') && !label.endsWith('-'));
  return isLocal && isDomain && domain.length <= DOMAIN_LIMIT_CHARS && more.length === 0;
}
