import {
  ActionIcon,
  Button,
  createTheme,
  type CSSVariablesResolver,
  Drawer,
  InputWrapper,
  type MantineColorsTuple,
  Modal,
} from '@mantine/core';
import i18next from '@/i18n';

const blue: MantineColorsTuple = [
  '#e9f0fa',
  '#cbdaf0',
  '#a5bfe4',
  '#8ab4f0',
  '#5f8fd6',
  '#3d73c2',
  '#2d62ad',
  '#1d4f91',
  '#173f75',
  '#102d55',
];

const dark: MantineColorsTuple = [
  '#e3e6e8',
  '#c7cdd2',
  '#abb2b8',
  '#8a929a',
  '#545c64',
  '#373d43',
  '#2a2f34',
  '#22262a',
  '#191c1f',
  '#121416',
];

/** A dialog's header is no banner of the page. */
const attributes = { header: { role: 'presentation' } };
const closeButtonProps = { 'aria-label': i18next.t('common.close') };

/** Small, grey and square: a control room's screen, not a landing page. Dialogs never lock the page's scroll (it has none). */
export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 7, dark: 6 },
  colors: { blue, dark },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '18px' },
  defaultRadius: 3,
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs', variant: 'default' } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'default', size: 28 } }),
    InputWrapper: InputWrapper.extend({
      defaultProps: { size: 'sm', inputWrapperOrder: ['label', 'input', 'error', 'description'] },
    }),
    Modal: Modal.extend({
      defaultProps: {
        lockScroll: false,
        closeButtonProps,
        attributes,
        centered: true,
        overlayProps: { backgroundOpacity: 0.45 },
      },
    }),
    Drawer: Drawer.extend({
      defaultProps: {
        lockScroll: false,
        closeButtonProps,
        attributes,
        position: 'right',
        overlayProps: { backgroundOpacity: 0.25 },
      },
    }),
  },
});

export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--sf-panel)',
    '--mantine-color-text': 'var(--sf-text)',
    '--mantine-color-dimmed': 'var(--sf-muted)',
    '--mantine-color-placeholder': 'var(--sf-muted)',
    '--mantine-color-error': 'var(--sf-error)',
    '--mantine-color-default': 'var(--sf-raised)',
    '--mantine-color-default-hover': 'var(--sf-cell)',
    '--mantine-color-default-color': 'var(--sf-text)',
    '--mantine-color-default-border': 'var(--sf-line)',
    '--mantine-color-anchor': 'var(--sf-act)',
    '--mantine-color-disabled': 'var(--sf-panel)',
    '--mantine-color-disabled-color': 'var(--sf-muted)',
    '--mantine-color-disabled-border': 'var(--sf-line-soft)',
  };
  return { variables: {}, light: shared, dark: shared };
};
