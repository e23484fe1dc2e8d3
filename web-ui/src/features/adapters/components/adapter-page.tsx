import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import { Panel } from '@/components/ui/panel';
import { Empty, QueryView } from '@/components/ui/query-view';
import { AdapterEditor } from './adapter-editor';

const useSources = () =>
  $api.useQuery(
    'get',
    '/api/v1/catalogue/connectors',
    {},
    { staleTime: 60_000, select: ({ items }) => items.filter(({ kind }) => kind === 'source') },
  );

interface NewAdapterProps {
  /** `id@version`; undefined takes the first of the catalogue. */
  connector: string | undefined;
  onConnector: (reference: string) => void;
  onSaved: (id: string) => void;
}

export function NewAdapter({ connector, onConnector, onSaved }: NewAdapterProps) {
  const { t } = useTranslation();
  const sources = useSources();
  return (
    <QueryView query={sources}>
      {(items) => {
        const chosen = items.find(({ id, version }) => `${id}@${version}` === connector) ?? items[0];
        if (!chosen)
          return (
            <Panel title={t('adapters.create')} main>
              <Empty kind="none">{t('adapters.noConnectors')}</Empty>
            </Panel>
          );
        const reference = `${chosen.id}@${chosen.version}`;
        return (
          <AdapterEditor
            key={reference}
            connector={chosen}
            saved={null}
            onSaved={onSaved}
            picker={
              <NativeSelect
                size="xs"
                label={t('adapters.connector')}
                description={chosen.description}
                value={reference}
                onChange={({ currentTarget }) => onConnector(currentTarget.value)}
                data={items.map(({ id, version, title }) => ({
                  value: `${id}@${version}`,
                  label: items.some((other) => other.id === id && other.version !== version)
                    ? `${title} (${t('adapters.version', { version })})`
                    : title,
                }))}
              />
            }
          />
        );
      }}
    </QueryView>
  );
}

export function AdapterPage({ id, onDeleted }: { id: string; onDeleted: () => void }) {
  const { t } = useTranslation();
  const adapter = $api.useQuery(
    'get',
    '/api/v1/adapters/{id}',
    { params: { path: { id } } },
    { refetchOnWindowFocus: false },
  );
  const sources = useSources();
  return (
    <QueryView query={adapter}>
      {(saved) => (
        <QueryView query={sources}>
          {(items) => {
            const connector = items.find((known) => `${known.id}@${known.version}` === saved.connector);
            return connector ? (
              <AdapterEditor
                key={saved.version}
                connector={connector}
                saved={saved}
                onSaved={() => {}}
                onDeleted={onDeleted}
              />
            ) : (
              <Panel title={saved.name} main>
                <Empty kind="none">{t('adapters.unknownConnector', { connector: saved.connector })}</Empty>
              </Panel>
            );
          }}
        </QueryView>
      )}
    </QueryView>
  );
}
