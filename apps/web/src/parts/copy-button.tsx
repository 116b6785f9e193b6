import { useEffect, useState } from 'react';
import { Button, type ButtonProps } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

interface CopyButtonProps extends ButtonProps {
  text: string;
  label: string;
}

/** Copies, and says so where it was asked for. */
export function CopyButton({ text, label, ...button }: CopyButtonProps) {
  const [said, setSaid] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(null), 2_500);
    return () => clearTimeout(timer);
  }, [said]);
  const words = said === 'copied' ? 'Copied' : said === 'failed' ? 'Select it and copy by hand' : label;
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={said === 'copied' ? <IconCheck size={14} /> : <IconCopy size={14} />}
      {...button}
      onClick={() => void copyText(text).then((done) => setSaid(done ? 'copied' : 'failed'))}
    >
      <span aria-live="polite">{words}</span>
    </Button>
  );
}

/** Resolves to whether it worked. Browsers offer their clipboard on https and localhost only; elsewhere the old way is tried. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  const focused = document.activeElement;
  area.value = text;
  area.setAttribute('readonly', '');
  area.style.cssText = 'position:fixed;inset:0 auto auto 0;opacity:0';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
