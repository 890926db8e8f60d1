/**
 * What terminals obey, what readers may take for the end of a line, and what changes the direction of text: C0, DEL, C1,
 * the line separators, and the marks and overrides of direction.
 */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A text of somebody else as one line that is only read: each of these characters as JSON writes it. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
