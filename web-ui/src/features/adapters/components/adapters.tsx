import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import { ObjectList } from '@/components/ui/object-list';
import { State } from '@/components/ui/state';
import { Timestamp } from '@/components/ui/timestamp';

interface AdaptersProps {
  filter: string;
  onFilter: (filter: string) => void;
  onOpen: (id: string) => void;
  onCreate: () => void;
}

export function Adapters(props: AdaptersProps) {
  const { t } = useTranslation();
  const adapters = $api.useQuery('get', '/api/v1/adapters', { params: { query: { limit: 1000 } } });
  const connectors = $api.useQuery('get', '/api/v1/catalogue/connectors', {}, { staleTime: 60_000 });
  const titles = new Map(connectors.data?.items.map(({ id, version, title }) => [`${id}@${version}`, title]));
  return (
    <ObjectList
      {...props}
      title={t('nav.adapters')}
      none={t('adapters.none')}
      create={t('adapters.create')}
      query={adapters}
      columns={[
        { key: 'name', header: t('common.name'), cell: ({ name }) => <span className="strong">{name}</span> },
        { key: 'id', header: t('common.id'), cell: ({ id }) => <code>{id}</code> },
        {
          key: 'connector',
          header: t('adapters.connector'),
          cell: ({ connector }) => titles.get(connector) ?? <code>{connector}</code>,
        },
        { key: 'asset', header: t('adapters.asset'), cell: ({ asset }) => <code>{asset}</code> },
        { key: 'points', header: t('adapters.points'), numeric: true, cell: ({ points }) => points.length },
        {
          key: 'enabled',
          header: t('common.state'),
          cell: ({ enabled }) => (
            <State word={enabled ? t('adapters.enabled') : t('adapters.disabled')} urgency="normal" />
          ),
        },
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
