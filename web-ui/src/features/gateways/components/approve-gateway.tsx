import { Button, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { Failure } from '@/components/ui/query-view';

/** Lets a gateway in once somebody has brought its fingerprint from the machine itself. */
export function ApproveGateway({ gateway }: { gateway: Schemas['Gateway'] }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [fingerprint, setFingerprint] = useState('');
  const approve = $api.useMutation('post', '/api/v1/gateways/{id}/approve', {
    onSuccess: () => queryClient.invalidateQueries(),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        approve.mutate({
          params: { path: { id: gateway.id } },
          body: { fingerprint: fingerprint.trim().toLowerCase() },
        });
      }}
    >
      <Stack gap={10}>
        <dl className="facts">
          <dt>{t('gateways.host')}</dt>
          <dd>{gateway.host}</dd>
          <dt>{t('gateways.hardware')}</dt>
          <dd>{gateway.hardware}</dd>
          <dt>{t('gateways.received')}</dt>
          <dd>
            <code>{gateway.fingerprint}</code>
          </dd>
        </dl>
        <TextInput
          data-autofocus
          label={t('gateways.printed')}
          description={t('gateways.printedHint')}
          classNames={{ input: 'mono' }}
          spellCheck={false}
          autoComplete="off"
          value={fingerprint}
          onChange={({ currentTarget }) => {
            setFingerprint(currentTarget.value);
            approve.reset();
          }}
        />
        {approve.isError ? <Failure error={approve.error} /> : null}
        <div>
          <Button
            type="submit"
            variant="filled"
            loading={approve.isPending}
            disabled={fingerprint.trim() === ''}
          >
            {t('gateways.approve')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
