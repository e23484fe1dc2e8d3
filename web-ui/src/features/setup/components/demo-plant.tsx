import { Button, NativeSelect, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { Failure, QueryView } from '@/components/ui/query-view';

interface DemoPlantProps {
  approve: (gateway: Schemas['Gateway']) => ReactNode;
  onLoaded: () => void;
}

/** Puts the demo plant on an approved gateway; one that still waits can be approved right here. */
export function DemoPlant({ approve, onLoaded }: DemoPlantProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [chosen, setChosen] = useState<string>();
  const gateways = $api.useQuery('get', '/api/v1/gateways', {}, { refetchInterval: 2000 });
  const load = $api.useMutation('post', '/api/v1/demo-plant', {
    onSuccess: async () => {
      await queryClient.invalidateQueries();
      onLoaded();
    },
  });
  return (
    <Stack gap={10}>
      <p>{t('setup.demo.text')}</p>
      <QueryView query={gateways}>
        {({ items }) => {
          const approved = items.filter(({ status }) => status === 'APPROVED');
          const waiting = items.find(({ status }) => status === 'PENDING');
          const gatewayId = chosen ?? approved[0]?.id;
          if (gatewayId === undefined)
            return waiting ? (
              <>
                <p>{t('setup.demo.approveFirst', { name: waiting.name })}</p>
                {approve(waiting)}
              </>
            ) : (
              <p className="note warn">{t('setup.demo.noGateway')}</p>
            );
          return (
            <>
              {approved.length > 1 ? (
                <NativeSelect
                  label={t('common.gateway')}
                  data={approved.map(({ id, name }) => ({ value: id, label: name }))}
                  value={gatewayId}
                  onChange={({ currentTarget }) => setChosen(currentTarget.value)}
                />
              ) : null}
              <div>
                <Button
                  variant="filled"
                  loading={load.isPending}
                  onClick={() => load.mutate({ body: { gatewayId } })}
                >
                  {t('setup.demo.action')}
                </Button>
              </div>
            </>
          );
        }}
      </QueryView>
      {load.isError ? <Failure error={load.error} /> : null}
    </Stack>
  );
}
