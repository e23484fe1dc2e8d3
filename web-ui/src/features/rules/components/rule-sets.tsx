import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import { ObjectList } from '@/components/ui/object-list';
import { QueryView } from '@/components/ui/query-view';
import { Timestamp } from '@/components/ui/timestamp';
import { RuleSetEditor } from './rule-set-editor';
import { lengthOf } from './windows';

interface RuleSetsProps {
  filter: string;
  onFilter: (filter: string) => void;
  onOpen: (id: string) => void;
  onCreate: () => void;
}

export function RuleSets(props: RuleSetsProps) {
  const { t } = useTranslation();
  const ruleSets = $api.useQuery('get', '/api/v1/rules', { params: { query: { limit: 1000 } } });
  return (
    <ObjectList
      {...props}
      title={t('nav.rules')}
      none={t('rules.none')}
      create={t('rules.create')}
      query={ruleSets}
      columns={[
        { key: 'name', header: t('common.name'), cell: ({ name }) => <span className="strong">{name}</span> },
        { key: 'id', header: t('common.id'), cell: ({ id }) => <code>{id}</code> },
        {
          key: 'rules',
          header: t('rules.count'),
          numeric: true,
          cell: ({ validation }) => validation.length,
        },
        {
          key: 'aggregates',
          header: t('rules.aggregates'),
          cell: ({ aggregates }) =>
            aggregates.map(({ resolutionMs }) => lengthOf(resolutionMs)).join(', ') || '–',
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

export function RuleSetPage({ id, onDeleted }: { id: string; onDeleted: () => void }) {
  const ruleSet = $api.useQuery(
    'get',
    '/api/v1/rules/{id}',
    { params: { path: { id } } },
    { refetchOnWindowFocus: false },
  );
  return (
    <QueryView query={ruleSet}>
      {(saved) => (
        <RuleSetEditor key={saved.version} saved={saved} onSaved={() => {}} onDeleted={onDeleted} />
      )}
    </QueryView>
  );
}
