import { Button, Group, NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import { toProblem } from '@/api/problem';
import type { Schemas } from '@/api/types';
import { Panel } from '@/components/ui/panel';
import { Failure, Loading } from '@/components/ui/query-view';
import { DemoPlant } from './demo-plant';

interface FirstRunProps {
  approve: (gateway: Schemas['Gateway']) => ReactNode;
  onConnectDevice: () => void;
  onDone: () => void;
}

/** Create the administrator, name the plant, then load the demo plant or connect a device. */
export function FirstRun({ approve, onConnectDevice, onDone }: FirstRunProps) {
  const { t } = useTranslation();
  const setup = $api.useQuery('get', '/api/v1/setup');
  if (!setup.data)
    return (
      <main className="front">
        {setup.isError ? <Failure error={setup.error} onRetry={() => void setup.refetch()} /> : <Loading />}
      </main>
    );
  const { adminExists, plantName, demoPlantAvailable } = setup.data;
  const step = !adminExists ? 1 : !plantName ? 2 : 3;
  return (
    <main className="front">
      <div className={step === 3 ? 'front-wide' : 'front-form'}>
        <p className="muted">{t('setup.step', { step })}</p>
        {step === 1 ? (
          <CreateAdmin />
        ) : step === 2 ? (
          <NamePlant />
        ) : (
          <Stack gap={10}>
            {demoPlantAvailable ? (
              <Panel title={t('setup.demo.title')} padded>
                <DemoPlant approve={approve} onLoaded={onDone} />
              </Panel>
            ) : null}
            <Panel title={t('setup.device.title')} padded>
              <p>{t('setup.device.text')}</p>
              <Group mt={10} gap={8}>
                <Button variant={demoPlantAvailable ? 'default' : 'filled'} onClick={onConnectDevice}>
                  {t('setup.device.action')}
                </Button>
                <Button onClick={onDone}>{t('setup.later')}</Button>
              </Group>
            </Panel>
          </Stack>
        )}
      </div>
    </main>
  );
}

const LEAST_PASSWORD = 12;

const fieldError = (error: unknown, pointer: string) =>
  toProblem(error)
    .errors.filter((issue) => issue.pointer === pointer)
    .map(({ message }) => message)
    .join('. ') || undefined;

function CreateAdmin() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [username, setUsername] = useState('admin');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const create = $api.useMutation('post', '/api/v1/auth/first-admin', {
    onSuccess: () => queryClient.invalidateQueries(),
  });
  const short = password.length < LEAST_PASSWORD;
  const different = again !== password;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!short && !different) create.mutate({ body: { username, password } });
      }}
    >
      <Panel title={t('setup.admin.title')} main padded>
        <Stack gap={12}>
          <TextInput
            label={t('auth.username')}
            autoComplete="username"
            required
            withAsterisk={false}
            value={username}
            error={fieldError(create.error, '/username')}
            onChange={({ currentTarget }) => setUsername(currentTarget.value)}
          />
          <PasswordInput
            label={t('auth.password')}
            description={t('setup.admin.passwordHint', { least: LEAST_PASSWORD })}
            autoComplete="new-password"
            value={password}
            error={
              tried && short
                ? t('setup.admin.short', { least: LEAST_PASSWORD, got: password.length })
                : fieldError(create.error, '/password')
            }
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
          <PasswordInput
            label={t('setup.admin.again')}
            autoComplete="new-password"
            value={again}
            error={tried && different ? t('setup.admin.different') : undefined}
            onChange={({ currentTarget }) => setAgain(currentTarget.value)}
          />
          {create.isError ? <Failure error={create.error} /> : null}
          <Button type="submit" variant="filled" size="sm" loading={create.isPending}>
            {t('setup.admin.create')}
          </Button>
        </Stack>
      </Panel>
    </form>
  );
}

const zones = () => {
  const known = Intl.supportedValuesOf('timeZone');
  return known.includes('UTC') ? known : ['UTC', ...known];
};

function NamePlant() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const plant = $api.useQuery('get', '/api/v1/plant');
  const [name, setName] = useState('');
  const [zone, setZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const save = $api.useMutation('put', '/api/v1/plant', {
    onSuccess: () => queryClient.invalidateQueries(),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (plant.data)
          save.mutate({
            params: { header: { 'If-Match': `"${plant.data.version}"` } },
            body: { name, timeZone: zone },
          });
      }}
    >
      <Panel title={t('setup.plant.title')} main padded>
        <Stack gap={12}>
          <TextInput
            label={t('setup.plant.name')}
            placeholder={t('setup.plant.example')}
            required
            withAsterisk={false}
            value={name}
            error={fieldError(save.error, '/name')}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <NativeSelect
            label={t('setup.plant.zone')}
            description={t('setup.plant.zoneHint')}
            data={zones()}
            value={zone}
            error={fieldError(save.error, '/timeZone')}
            onChange={({ currentTarget }) => setZone(currentTarget.value)}
          />
          {save.isError || plant.isError ? <Failure error={save.error ?? plant.error} /> : null}
          <Button type="submit" variant="filled" size="sm" loading={save.isPending} disabled={!plant.data}>
            {t('setup.plant.save')}
          </Button>
        </Stack>
      </Panel>
    </form>
  );
}
