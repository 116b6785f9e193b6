/** Stands before a note that asks for attention. The glyphs of verdicts belong to verdicts. */
export function NoteGlyph({ size = 16 }: { size?: number }) {
  return (
    <svg
      style={{ flex: 'none', width: `${size / 16}rem`, height: `${size / 16}rem`, color: 'var(--ls-ink-2)' }}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      <circle cx="8" cy="8" r="6.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8 4.4v4.4" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" />
      <circle cx="8" cy="11.4" r="1" fill="currentColor" />
    </svg>
  );
}
