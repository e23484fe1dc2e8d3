import {
  ActionIcon,
  Button,
  Kbd,
  Modal,
  NativeSelect,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { openSpotlight } from '@mantine/spotlight';
import { IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, heartbeat, http } from '@/api/client';
import { useConnection } from '@/api/connection';
import { formatCount } from '@/components/ui/number';
import { formatAge, timeZone, useNow, useTimeZone, zoneLabel, type ZoneChoice } from '@/components/ui/time';
import { Palette } from './palette';
import { rooms } from './rooms';

const HEARTBEAT_MS = 1000;

export function Shell() {
  const { t } = useTranslation();
  const [help, showHelp] = useDisclosure();
  useHotkeys([['shift+?', showHelp.open]]);
  const { lostSince } = useConnection();
  const setup = $api.useQuery('get', '/api/v1/setup');
  const zone = setup.data?.timeZone;
  const letters = $api.useQuery(
    'get',
    '/api/v1/dlq/counts',
    { params: { query: { state: 'PENDING' } } },
    { refetchInterval: 5000 },
  );
  const undecided = letters.data?.open ?? 0;
  useEffect(() => {
    if (zone) timeZone.setPlant(zone);
  }, [zone]);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || void heartbeat(), HEARTBEAT_MS);
    return () => clearInterval(timer);
  }, []);

  return (
    <div className="shell">
      <a className="shell-skip" href="#main">
        {t('app.skip')}
      </a>
      <TopBar plant={setup.data?.plantName ?? ''} />
      <nav className="shell-nav" aria-label={t('nav.label')}>
        {(['operate', 'integrate'] as const).map((group) => (
          <div key={group}>
            <h2>{t(`nav.${group}`)}</h2>
            {rooms
              .filter((room) => room.group === group)
              .map(({ to, word, icon: Icon }) => (
                <Link key={to} to={to} activeProps={{ className: 'active' }} title={t(`nav.${word}`)}>
                  <Icon size={16} stroke={1.7} aria-hidden="true" />
                  <span>{t(`nav.${word}`)}</span>
                  {word === 'deadletters' && undecided > 0 ? (
                    <span className="shell-count">{formatCount(undecided)}</span>
                  ) : null}
                </Link>
              ))}
          </div>
        ))}
      </nav>
      <main className="shell-main" id="main">
        {lostSince === null ? null : <Lost since={lostSince} />}
        <Outlet />
      </main>
      <StatusBar onHelp={showHelp.open} />
      <Palette />
      <Help opened={help} onClose={showHelp.close} />
    </div>
  );
}

function TopBar({ plant }: { plant: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme() === 'dark';
  const overview = $api.useQuery('get', '/api/v1/overview', {}, { refetchInterval: 2000 });
  const me = $api.useQuery('get', '/api/v1/auth/me', {}, { staleTime: 60_000 });
  const gateways = overview.data?.gateways ?? [];
  const connected = gateways.filter(({ health }) => health !== 'OFFLINE').length;
  const logOut = async () => {
    await http.POST('/api/v1/auth/logout');
    queryClient.clear();
    await navigate({ to: '/login' });
  };
  return (
    <header className="shell-top">
      <span className="shell-product">{t('app.name')}</span>
      <span className="shell-place muted">
        {plant}
        {overview.data
          ? ` · ${t('app.gateways', { count: gateways.length })}, ${t('app.connected', { count: connected })}`
          : ''}
      </span>
      <span className="shell-top-space" />
      <Button onClick={openSpotlight} rightSection={<span className="muted shell-shortcut">Ctrl K</span>}>
        {t('palette.open')}
      </Button>
      <ActionIcon
        aria-label={dark ? t('app.light') : t('app.dark')}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        {dark ? <IconSun size={16} /> : <IconMoon size={16} />}
      </ActionIcon>
      <ActionIcon
        aria-label={t('app.signOut', { user: me.data?.username ?? '' })}
        title={t('app.signOut', { user: me.data?.username ?? '' })}
        onClick={() => void logOut()}
      >
        <IconLogout size={16} />
      </ActionIcon>
    </header>
  );
}

function Lost({ since }: { since: number }) {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <div className="shell-banner" role="alert">
      {t('app.lost', { age: formatAge(now - since) })}
    </div>
  );
}

function StatusBar({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation();
  const { lostSince, behindMs } = useConnection();
  const zone = useTimeZone();
  return (
    <footer className="shell-status">
      <span>
        {lostSince !== null
          ? t('app.notConnected')
          : behindMs === null
            ? t('app.connecting')
            : t('app.behind', { ms: behindMs })}
      </span>
      <NativeSelect
        aria-label={t('app.zone')}
        variant="unstyled"
        size="xs"
        value={timeZone.choice()}
        onChange={({ currentTarget }) => timeZone.choose(currentTarget.value as ZoneChoice)}
        data={(['plant', 'utc', 'browser'] as const).map((choice) => ({
          value: choice,
          label:
            choice === timeZone.choice()
              ? t('app.timesIn', { zone: zoneLabel(zone) })
              : t(`app.zones.${choice}`),
        }))}
      />
      <button type="button" onClick={onHelp}>
        {t('app.helpHint')}
      </button>
    </footer>
  );
}

const keys = [
  ['Ctrl K', 'palette'],
  ['/', 'filter'],
  ['J K ↑ ↓', 'move'],
  ['Enter', 'open'],
  ['Escape', 'close'],
  ['?', 'help'],
] as const;

function Help({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={t('help.title')}>
      <dl className="facts">
        {keys.map(([key, word]) => (
          <div key={word} style={{ display: 'contents' }}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{t(`help.${word}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
