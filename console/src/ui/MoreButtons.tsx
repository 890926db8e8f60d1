/** The buttons below a list that comes in pages: back to the page before, and on to the next. Either may be absent. */
export function MoreButtons({
  of,
  back,
  next,
}: {
  of: string;
  back: (() => void) | false;
  next: (() => void) | false;
}) {
  return (
    <div className="further">
      {back && (
        <button type="button" className="small" onClick={back}>
          Back
        </button>
      )}
      {next && (
        <button type="button" className="small" onClick={next}>
          More {of}
        </button>
      )}
    </div>
  );
}
