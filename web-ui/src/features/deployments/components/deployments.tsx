import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import { ObjectList } from '@/components/ui/object-list';
import { Timestamp } from '@/components/ui/timestamp';

interface DeploymentsProps {
  filter: string;
  onFilter: (filter: string) => void;
  onOpen: (id: string) => void;
  onCreate: () => void;
}

export function Deployments(props: DeploymentsProps) {
  const { t } = useTranslation();
  const deployments = $api.useQuery(
    'get',
    '/api/v1/deployments',
    { params: { query: { limit: 1000 } } },
    { refetchInterval: 5000 },
  );
  return (
    <ObjectList
      {...props}
      title={t('nav.deployments')}
      none={t('deployments.none')}
      create={t('deployments.create')}
      query={deployments}
      columns={[
        { key: 'name', header: t('common.name'), cell: ({ name }) => <span className="strong">{name}</span> },
        { key: 'gateway', header: t('common.gateway'), cell: ({ gatewayId }) => <code>{gatewayId}</code> },
        {
          key: 'active',
          header: t('deployments.activeRevision'),
          cell: ({ activeRevision }) =>
            activeRevision ?? <span className="muted">{t('deployments.notActive')}</span>,
        },
        {
          key: 'latest',
          header: t('deployments.latestRevision'),
          numeric: true,
          cell: ({ latestRevision }) => latestRevision ?? '–',
        },
        {
          key: 'adapters',
          header: t('nav.adapters'),
          numeric: true,
          cell: ({ adapters }) => adapters.length,
        },
        { key: 'sinks', header: t('nav.sinks'), numeric: true, cell: ({ sinks }) => sinks.length },
        {
          key: 'updated',
          header: t('common.updated'),
          cell: ({ updatedAt }) => <Timestamp at={updatedAt} />,
        },
        { key: 'by', header: t('common.updatedBy'), cell: ({ updatedBy }) => updatedBy },
      ]}
    />
  );
}
