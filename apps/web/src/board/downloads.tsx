import { useEffect, useRef } from 'react';
import { IconDownload } from '@tabler/icons-react';
import style from './downloads.module.css';

const files = [
  { name: 'board.csv', label: 'CSV', hint: 'a table for spreadsheets' },
  { name: 'board.json', label: 'JSON', hint: 'everything, for programs' },
  { name: 'board.junit.xml', label: 'JUnit XML', hint: 'a suite for each app, a case for each endpoint' },
  { name: 'board.txt', label: 'Plain text', hint: 'for curl and terminals' },
];

/** The board as files: as it is shown, so of the same time. Closes when it is left, and with Esc. */
export function Downloads({ at }: { at: string | null }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = (isEscape: boolean) => {
    menu.current!.open = false;
    if (isEscape) menu.current!.querySelector('summary')?.focus();
  };
  useEffect(() => {
    const onPress = ({ target }: PointerEvent) => {
      if (menu.current?.open && !menu.current.contains(target as Node)) menu.current.open = false;
    };
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  }, []);
  return (
    <details
      ref={menu}
      className={style.menu}
      onBlur={({ relatedTarget }) => {
        if (relatedTarget && !menu.current?.contains(relatedTarget)) close(false);
      }}
      onKeyDown={({ key }) => {
        if (key === 'Escape') close(true);
      }}
    >
      <summary>
        <IconDownload size={14} aria-hidden="true" />
        Download
      </summary>
      <ul className={style.files}>
        {files.map(({ name, label, hint }) => (
          <li key={name}>
            <a href={`/api/v1/${name}${at ? `?at=${encodeURIComponent(at)}` : ''}`}>
              <strong>{label}</strong> <span>{hint}</span>
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}
