import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import { ObjectList } from '@/components/ui/object-list';
import { Timestamp } from '@/components/ui/timestamp';

interface SinksProps {
  filter: string;
  onFilter: (filter: string) => void;
  onOpen: (id: string) => void;
  onCreate: () => void;
}

export function Sinks(props: SinksProps) {
  const { t } = useTranslation();
  const sinks = $api.useQuery('get', '/api/v1/sinks', { params: { query: { limit: 1000 } } });
  const connectors = $api.useQuery('get', '/api/v1/catalogue/connectors', {}, { staleTime: 60_000 });
  const titles = new Map(connectors.data?.items.map(({ id, version, title }) => [`${id}@${version}`, title]));
  return (
    <ObjectList
      {...props}
      title={t('nav.sinks')}
      none={t('sinks.none')}
      create={t('sinks.create')}
      query={sinks}
      columns={[
        { key: 'name', header: t('common.name'), cell: ({ name }) => <span className="strong">{name}</span> },
        { key: 'id', header: t('common.id'), cell: ({ id }) => <code>{id}</code> },
        {
          key: 'connector',
          header: t('adapters.connector'),
          cell: ({ connector }) => titles.get(connector) ?? <code>{connector}</code>,
        },
        { key: 'topics', header: t('sinks.topics'), cell: ({ topics }) => <code>{topics.join(', ')}</code> },
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
