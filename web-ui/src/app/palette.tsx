import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Spotlight } from '@mantine/spotlight';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { rooms } from './rooms';

/** Ctrl+K: go anywhere without the mouse. Never blurs what lies behind it. */
export function Palette() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme() === 'dark';
  const go = (to: '/adapters/new' | '/sinks/new' | '/rules/new' | '/deployments/new') => () =>
    void navigate({ to });
  return (
    <Spotlight
      shortcut={['mod + K']}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      nothingFound={t('palette.nothing')}
      searchProps={{ placeholder: t('palette.search'), 'aria-label': t('palette.search') }}
      actions={[
        ...rooms.map(({ to, word }) => ({
          id: to,
          label: t('palette.go', { room: t(`nav.${word}`) }),
          onClick: () => void navigate({ to }),
        })),
        { id: 'adapter', label: t('adapters.create'), onClick: go('/adapters/new') },
        { id: 'sink', label: t('sinks.create'), onClick: go('/sinks/new') },
        { id: 'rules', label: t('rules.create'), onClick: go('/rules/new') },
        { id: 'deployment', label: t('deployments.create'), onClick: go('/deployments/new') },
        {
          id: 'scheme',
          label: dark ? t('app.light') : t('app.dark'),
          onClick: () => setColorScheme(dark ? 'light' : 'dark'),
        },
      ]}
    />
  );
}
