import { checkPolicyText } from '#ram/check-policy-text.ts';
import { knownActions } from '../known-actions.ts';
import { nativeOperation } from '../native-operation.ts';

/** `POST /policy/check`: for an editor that checks while its user types. It reads nothing, so everyone may ask. */
export default nativeOperation('checkPolicy', async (_context, { PolicyDocument: text }) => ({
  Notes: checkPolicyText(text, knownActions).map(({ line, column, severity, message }) => ({
    Line: line,
    Column: column,
    Severity: severity,
    Message: message,
  })),
}));
