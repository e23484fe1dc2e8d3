import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import { connection } from '@/api/connection';
import type { Schemas } from '@/api/types';
import { Confirm } from '@/components/ui/confirm';
import { type Column, DataGrid } from '@/components/ui/data-grid';
import { Panel } from '@/components/ui/panel';
import { State } from '@/components/ui/state';
import { formatDay, useTimeZone } from '@/components/ui/time';

const REFRESH_MS = 10_000;

/** As other tools write a fingerprint: two are compared pair by pair. */
const inPairs = (fingerprint: string) => fingerprint.match(/.{1,2}/g)?.join(':') ?? '';

interface Deciding {
  certificate: Schemas['DeviceCertificate'];
  trust: boolean;
}

/** Whom a gateway talks to by their certificates, and whom it refused; nothing where it has met none. */
export function DeviceCertificates({ gatewayId }: { gatewayId: string }) {
  const { t } = useTranslation();
  const zone = useTimeZone();
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  const query = $api.useQuery(
    'get',
    '/api/v1/gateways/{id}/certificates',
    { params: { path: { id: gatewayId } } },
    { refetchInterval: REFRESH_MS },
  );
  const certificates = query.data?.certificates ?? [];
  if (certificates.length === 0) return null;
  const columns: Column<Schemas['DeviceCertificate']>[] = [
    {
      key: 'subject',
      header: t('certificates.subject'),
      cell: ({ subject, uri, fingerprint }) => (
        <>
          {subject}
          <div className="muted">{uri}</div>
          <code className="breakable">{inPairs(fingerprint)}</code>
        </>
      ),
    },
    {
      key: 'valid',
      header: t('certificates.valid'),
      cell: ({ validFrom, validTo }) => (
        <>
          <div className="nowrap">{formatDay(validFrom, zone)} –</div>
          <div className="nowrap">{formatDay(validTo, zone)}</div>
          {Date.parse(validTo) < connection.now() ? (
            <State word={t('certificates.expired')} urgency="warning" />
          ) : null}
        </>
      ),
    },
    {
      key: 'state',
      header: t('common.state'),
      cell: ({ trusted }) => (
        <State
          word={t(trusted ? 'certificates.trusted' : 'certificates.refused')}
          urgency={trusted ? 'normal' : 'attention'}
        />
      ),
    },
    {
      key: 'action',
      header: t('common.action'),
      cell: (certificate) => (
        <Group gap={4} wrap="nowrap">
          {certificate.trusted ? null : (
            <Button
              size="compact-xs"
              aria-label={t('certificates.trustOne', { subject: certificate.subject })}
              onClick={() => setDeciding({ certificate, trust: true })}
            >
              {t('certificates.trust')}
            </Button>
          )}
          <Button
            size="compact-xs"
            aria-label={t('certificates.removeOne', { subject: certificate.subject })}
            onClick={() => setDeciding({ certificate, trust: false })}
          >
            {t('certificates.remove')}
          </Button>
        </Group>
      ),
    },
  ];
  return (
    <Panel title={t('certificates.title')}>
      <DataGrid
        label={t('certificates.title')}
        rows={certificates}
        columns={columns}
        rowKey={({ fingerprint, trusted }) => `${fingerprint} ${trusted}`}
      />
      {deciding ? (
        <Decide
          gatewayId={gatewayId}
          deciding={deciding}
          onDone={() => void query.refetch()}
          onClose={() => setDeciding(null)}
        />
      ) : null}
    </Panel>
  );
}

interface DecideProps {
  gatewayId: string;
  deciding: Deciding;
  onDone: () => void;
  onClose: () => void;
}

function Decide({ gatewayId, deciding: { certificate, trust }, onDone, onClose }: DecideProps) {
  const { t } = useTranslation();
  const settled = { onSuccess: onClose, onSettled: onDone };
  const approve = $api.useMutation('post', '/api/v1/gateways/{id}/certificates/{fingerprint}/trust', settled);
  const remove = $api.useMutation('delete', '/api/v1/gateways/{id}/certificates/{fingerprint}', settled);
  const decision = trust ? approve : remove;
  return (
    <Confirm
      opened
      title={t(trust ? 'certificates.trustOne' : 'certificates.removeOne', { subject: certificate.subject })}
      action={t(trust ? 'certificates.trust' : 'certificates.remove')}
      busy={decision.isPending}
      error={decision.error}
      onConfirm={() =>
        decision.mutate({ params: { path: { id: gatewayId, fingerprint: certificate.fingerprint } } })
      }
      onClose={onClose}
    >
      <p>{t(trust ? 'certificates.trustText' : 'certificates.removeText')}</p>
      <p>
        <code className="breakable">{inPairs(certificate.fingerprint)}</code>
      </p>
    </Confirm>
  );
}
