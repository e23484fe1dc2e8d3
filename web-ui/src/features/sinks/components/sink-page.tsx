import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import { Panel } from '@/components/ui/panel';
import { Empty, QueryView } from '@/components/ui/query-view';
import { SinkEditor } from './sink-editor';

const useTargets = () =>
  $api.useQuery(
    'get',
    '/api/v1/catalogue/connectors',
    {},
    { staleTime: 60_000, select: ({ items }) => items.filter(({ kind }) => kind === 'sink') },
  );

interface NewSinkProps {
  /** `id@version`; undefined takes the first of the catalogue. */
  connector: string | undefined;
  onConnector: (reference: string) => void;
  onSaved: (id: string) => void;
}

export function NewSink({ connector, onConnector, onSaved }: NewSinkProps) {
  const { t } = useTranslation();
  const targets = useTargets();
  return (
    <QueryView query={targets}>
      {(items) => {
        const chosen = items.find(({ id, version }) => `${id}@${version}` === connector) ?? items[0];
        if (!chosen)
          return (
            <Panel title={t('sinks.create')} main>
              <Empty kind="none">{t('sinks.noConnectors')}</Empty>
            </Panel>
          );
        const reference = `${chosen.id}@${chosen.version}`;
        return (
          <SinkEditor
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
                  label: `${title} (${t('adapters.version', { version })})`,
                }))}
              />
            }
          />
        );
      }}
    </QueryView>
  );
}

export function SinkPage({ id, onDeleted }: { id: string; onDeleted: () => void }) {
  const { t } = useTranslation();
  const sink = $api.useQuery(
    'get',
    '/api/v1/sinks/{id}',
    { params: { path: { id } } },
    { refetchOnWindowFocus: false },
  );
  const targets = useTargets();
  return (
    <QueryView query={sink}>
      {(saved) => (
        <QueryView query={targets}>
          {(items) => {
            const connector = items.find((known) => `${known.id}@${known.version}` === saved.connector);
            return connector ? (
              <SinkEditor
                key={saved.version}
                connector={connector}
                saved={saved}
                onSaved={() => {}}
                onDeleted={onDeleted}
              />
            ) : (
              <Panel title={saved.name} main>
                <Empty kind="missing">{t('adapters.unknownConnector', { connector: saved.connector })}</Empty>
              </Panel>
            );
          }}
        </QueryView>
      )}
    </QueryView>
  );
}
