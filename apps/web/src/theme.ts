import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/**
 * The whole look: colours, type, sizes. Everything else uses the names below (`--ls-…`) and no colour of its own.
 * Every text colour reaches 4.5 : 1 on `ground`, `sunken` and `raised`, every verdict also on its own wash.
 */
const light = {
  '--ls-ground': '#ffffff',
  '--ls-sunken': '#f4f5f8',
  '--ls-raised': '#ffffff',
  '--ls-hover': '#f7f8fa',
  '--ls-line': '#e4e7ec',
  '--ls-line-strong': '#c5cbd4',
  '--ls-control-line': '#87909d',
  '--ls-ink': '#11151b',
  '--ls-ink-2': '#4a5462',
  '--ls-ink-3': '#626d7c',
  '--ls-accent': '#4640c8',
  '--ls-accent-fill': '#4f49d6',
  '--ls-accent-wash': '#eeedfc',
  '--ls-in-sync': '#08766c',
  '--ls-in-sync-wash': '#e2f4f1',
  '--ls-out-of-sync': '#bb3310',
  '--ls-out-of-sync-wash': '#fdece6',
  '--ls-pending': '#845500',
  '--ls-pending-wash': '#fdf1d8',
  '--ls-unreachable': '#39414c',
  '--ls-unreachable-wash': '#e9ecf0',
  '--ls-unknown': '#7331bd',
  '--ls-unknown-wash': '#f3eafc',
  '--ls-service-0': '#5b63d6',
  '--ls-service-1': '#0d8577',
  '--ls-service-2': '#b0711a',
  '--ls-service-3': '#8a45b8',
  '--ls-service-4': '#2f7bb5',
  '--ls-service-5': '#a8466d',
  '--ls-service-6': '#667085',
  '--ls-service-7': '#6b7a1f',
  '--ls-shadow': '0 1px 2px rgb(16 24 40 / 6%), 0 8px 24px rgb(16 24 40 / 12%)',
};

const dark: typeof light = {
  '--ls-ground': '#0b0d11',
  '--ls-sunken': '#12151b',
  '--ls-raised': '#14181f',
  '--ls-hover': '#161a21',
  '--ls-line': '#222831',
  '--ls-line-strong': '#3a434f',
  '--ls-control-line': '#6b7684',
  '--ls-ink': '#eceff4',
  '--ls-ink-2': '#a7b1bf',
  '--ls-ink-3': '#8590a0',
  '--ls-accent': '#a9acff',
  '--ls-accent-fill': '#5b57e3',
  '--ls-accent-wash': '#1d1d3d',
  '--ls-in-sync': '#3ecfbd',
  '--ls-in-sync-wash': '#0c2a28',
  '--ls-out-of-sync': '#ff8562',
  '--ls-out-of-sync-wash': '#361710',
  '--ls-pending': '#f0b94f',
  '--ls-pending-wash': '#2f220a',
  '--ls-unreachable': '#c6cdd7',
  '--ls-unreachable-wash': '#23282f',
  '--ls-unknown': '#c8a0ff',
  '--ls-unknown-wash': '#251738',
  '--ls-service-0': '#8088f2',
  '--ls-service-1': '#35b8a8',
  '--ls-service-2': '#e0a544',
  '--ls-service-3': '#bd86e8',
  '--ls-service-4': '#5fb0e8',
  '--ls-service-5': '#e884aa',
  '--ls-service-6': '#98a2b3',
  '--ls-service-7': '#afc04c',
  '--ls-shadow': '0 1px 2px rgb(0 0 0 / 40%), 0 12px 32px rgb(0 0 0 / 50%)',
};

const indigo: MantineColorsTuple = [
  '#eeedfc',
  '#d9d8f8',
  '#b5b3f1',
  '#908dea',
  '#736fe4',
  '#615ddf',
  '#5b57e3',
  '#4f49d6',
  '#4640c8',
  '#3a35ab',
];

/** Three sizes of text, two of headings. */
const sizes = {
  '--ls-text-s': '0.75rem',
  '--ls-text-m': '0.875rem',
  '--ls-text-l': '1rem',
  '--ls-heading-2': '1.125rem',
  '--ls-heading-1': '1.625rem',
  '--ls-row': '2.25rem',
  '--ls-bar': '3.25rem',
  '--ls-radius': '0.375rem',
};

export const fonts = {
  words: "'Inter Variable', Inter, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  data: "'JetBrains Mono Variable', 'JetBrains Mono', ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace",
};

export const theme = createTheme({
  colors: { indigo },
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 6 },
  fontFamily: fonts.words,
  fontFamilyMonospace: fonts.data,
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1rem' },
  headings: { fontFamily: fonts.words, fontWeight: '600' },
  defaultRadius: '0.375rem',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' }, styles: { label: { fontWeight: 550 } } },
    Modal: {
      defaultProps: { centered: true, radius: 'md', transitionProps: { duration: 120 } },
      styles: { title: { fontSize: 'var(--ls-heading-2)', fontWeight: 600 } },
    },
  },
});

/** Gives Mantine's parts our colours in both themes. */
const mantine = {
  '--mantine-color-body': 'var(--ls-ground)',
  '--mantine-color-text': 'var(--ls-ink)',
  '--mantine-color-bright': 'var(--ls-ink)',
  '--mantine-color-dimmed': 'var(--ls-ink-2)',
  '--mantine-color-placeholder': 'var(--ls-ink-3)',
  '--mantine-color-anchor': 'var(--ls-accent)',
  '--mantine-color-error': 'var(--ls-out-of-sync)',
  '--mantine-color-default': 'var(--ls-raised)',
  '--mantine-color-default-hover': 'var(--ls-sunken)',
  '--mantine-color-default-color': 'var(--ls-ink)',
  '--mantine-color-default-border': 'var(--ls-line-strong)',
};

export const colours: CSSVariablesResolver = () => ({
  variables: { ...sizes, '--ls-words': fonts.words, '--ls-data': fonts.data },
  light: { ...light, ...mantine },
  dark: { ...dark, ...mantine },
});
