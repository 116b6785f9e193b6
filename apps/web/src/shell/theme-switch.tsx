import { ActionIcon, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';

const themes = [
  { scheme: 'auto', word: 'as the system', Icon: IconDeviceDesktop },
  { scheme: 'light', word: 'light', Icon: IconSun },
  { scheme: 'dark', word: 'dark', Icon: IconMoon },
] as const;

/** One press for the next theme: as the system, light, dark. */
export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const at = themes.findIndex(({ scheme }) => scheme === colorScheme);
  const { word, Icon } = themes[at] ?? themes[0];
  const next = themes[(at + 1) % themes.length]!;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={32}
      title={`Theme: ${word}`}
      aria-label={`Theme: ${word}. Change to ${next.word}`}
      onClick={() => setColorScheme(next.scheme)}
    >
      <Icon size={18} stroke={1.6} color="var(--ls-ink-2)" />
    </ActionIcon>
  );
}
