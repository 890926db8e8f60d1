import { CopyButton } from './CopyButton.tsx';

interface CommandProps {
  label?: string;
  text: string;
  /** What it is, for the name of its button. */
  what?: string;
}

/** A command to type, which can be copied. */
export function Command({ label, text, what = `the command ${text}` }: CommandProps) {
  return (
    <div className="command">
      {label !== undefined && <span>{label}</span>} <CopyButton text={text} what={what} />
      <pre>{text}</pre>
    </div>
  );
}
