import { plainText } from './line-text.ts';

interface ForeignProps {
  text: string;
  className?: string;
  /** The text on hover; the text itself if absent. */
  title?: string;
}

/**
 * A text of someone else, such as a commit's: no character of it may disguise another, or reorder what is beside it.
 */
export function Foreign({ text, className, title = text }: ForeignProps) {
  return (
    <bdi className={className} title={plainText(title)}>
      {plainText(text)}
    </bdi>
  );
}
