import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { Command } from '@/components/ui/command';
import { type Column, DataGrid } from '@/components/ui/data-grid';
import { Panel } from '@/components/ui/panel';
import { Failure } from '@/components/ui/query-view';
import { useNow } from '@/components/ui/time';
import { Timestamp } from '@/components/ui/timestamp';

/** Tokens that still let a gateway ask in; nothing at all when there are none. */
export function EnrollmentTokens() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const tokens = $api.useQuery('get', '/api/v1/enrollments/tokens', {}, { refetchInterval: 10_000 });
  const withdraw = $api.useMutation('delete', '/api/v1/enrollments/tokens/{id}', {
    onSuccess: () => queryClient.invalidateQueries(),
  });
  const columns: Column<Schemas['EnrollmentToken']>[] = [
    { key: 'name', header: t('common.name'), cell: ({ name }) => name },
    {
      key: 'uses',
      header: t('tokens.usesLeft'),
      cell: ({ uses, usesLeft }) => t('tokens.ofUses', { left: usesLeft, uses }),
    },
    { key: 'expires', header: t('tokens.expires'), cell: ({ expiresAt }) => <Timestamp at={expiresAt} /> },
    { key: 'by', header: t('tokens.by'), cell: ({ createdBy }) => createdBy },
    {
      key: 'withdraw',
      header: t('common.action'),
      cell: ({ id, name }) => (
        <Button
          size="compact-xs"
          aria-label={t('tokens.withdrawName', { name })}
          onClick={() => withdraw.mutate({ params: { path: { id } } })}
        >
          {t('tokens.withdraw')}
        </Button>
      ),
    },
  ];
  const now = useNow(10_000);
  const items = (tokens.data?.items ?? []).filter(
    ({ usesLeft, expiresAt }) => usesLeft > 0 && Date.parse(expiresAt) > now,
  );
  if (items.length === 0 && !tokens.isError) return null;
  return (
    <Panel title={t('tokens.title')} meta={t('common.count', { count: items.length })}>
      {tokens.isError || withdraw.isError ? (
        <Failure error={tokens.error ?? withdraw.error} onRetry={() => void tokens.refetch()} />
      ) : null}
      <DataGrid label={t('tokens.title')} columns={columns} rows={items} rowKey={({ id }) => id} />
    </Panel>
  );
}

const HOUR = 60;

/** Makes a token and shows, once, the line that starts a gateway with it. */
export function NewToken({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [expiresInMinutes, setExpires] = useState(HOUR);
  const create = $api.useMutation('post', '/api/v1/enrollments/tokens', {
    onSuccess: () => queryClient.invalidateQueries(),
  });
  const close = () => {
    create.reset();
    setName('');
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={t('gateways.add')} size="lg">
      {create.data ? (
        <Stack gap={12}>
          <p>{t('tokens.run')}</p>
          <Command
            text={`./streamforge gateway --name ${name} --control-plane ${window.location.origin} --token ${create.data.token}`}
          />
          <p className="muted">{t('tokens.once')}</p>
          <Group justify="flex-end">
            <Button variant="filled" onClick={close}>
              {t('common.done')}
            </Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate({ body: { name, uses: 1, expiresInMinutes } });
          }}
        >
          <Stack gap={12}>
            <TextInput
              data-autofocus
              label={t('tokens.gatewayName')}
              description={t('common.idHint')}
              required
              withAsterisk={false}
              pattern="[a-z0-9][a-z0-9\-]{0,62}"
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <NativeSelect
              label={t('tokens.valid')}
              value={String(expiresInMinutes)}
              onChange={({ currentTarget }) => setExpires(Number(currentTarget.value))}
              data={[
                { value: String(HOUR), label: t('tokens.hour') },
                { value: String(24 * HOUR), label: t('tokens.day') },
                { value: String(7 * 24 * HOUR), label: t('tokens.week') },
              ]}
            />
            {create.isError ? <Failure error={create.error} /> : null}
            <Group justify="flex-end" gap={8}>
              <Button onClick={close}>{t('common.cancel')}</Button>
              <Button type="submit" variant="filled" loading={create.isPending}>
                {t('tokens.create')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
