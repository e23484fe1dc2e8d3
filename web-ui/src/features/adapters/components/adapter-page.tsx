import { NativeSelect } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { DataGrid } from '@/components/ui/data-grid';
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

type Connector = Schemas['Connector'];

const referenceOf = ({ id, version }: Connector) => `${id}@${version}`;

/** With its version where there are several. */
const titleAmong = (all: Connector[], { id, version, title }: Connector, t: TFunction) =>
  all.some((other) => other.id === id && other.version !== version)
    ? `${title} (${t('adapters.version', { version })})`
    : title;

interface NewAdapterProps {
  /** `id@version`; undefined lets one choose. */
  connector: string | undefined;
  /** The id of the adapter to copy. */
  from: string | undefined;
  onConnector: (reference: string) => void;
  onSaved: (id: string) => void;
}

export function NewAdapter({ from, ...props }: NewAdapterProps) {
  const model = $api.useQuery(
    'get',
    '/api/v1/adapters/{id}',
    { params: { path: { id: from ?? '' } } },
    { enabled: from !== undefined },
  );
  if (from === undefined) return <NewFrom {...props} model={undefined} />;
  return (
    <QueryView query={model}>
      {(copied) => <NewFrom {...props} connector={copied.connector} model={copied} />}
    </QueryView>
  );
}

function NewFrom({
  connector,
  model,
  onConnector,
  onSaved,
}: Omit<NewAdapterProps, 'from'> & { model: Schemas['Adapter'] | undefined }) {
  const { t } = useTranslation();
  const sources = useSources();
  return (
    <QueryView query={sources}>
      {(items) => {
        const chosen = items.find((each) => referenceOf(each) === connector);
        if (items.length === 0)
          return (
            <Panel title={t('adapters.create')} main>
              <Empty kind="none">{t('adapters.noConnectors')}</Empty>
            </Panel>
          );
        if (!chosen) return <ChooseConnector connectors={items} onConnector={onConnector} />;
        const reference = referenceOf(chosen);
        return (
          <AdapterEditor
            key={reference}
            connector={chosen}
            saved={null}
            model={model}
            onSaved={onSaved}
            picker={
              <NativeSelect
                size="xs"
                label={t('adapters.connector')}
                description={chosen.description}
                value={reference}
                onChange={({ currentTarget }) => onConnector(currentTarget.value)}
                data={items.map((each) => ({
                  value: referenceOf(each),
                  label: titleAmong(items, each, t),
                }))}
              />
            }
          />
        );
      }}
    </QueryView>
  );
}

/** What a device speaks is the first question, and the answer that makes the form. */
function ChooseConnector({
  connectors,
  onConnector,
}: {
  connectors: Connector[];
  onConnector: (reference: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <Panel title={t('adapters.create')} main meta={t('adapters.choose')}>
      <DataGrid
        label={t('adapters.choose')}
        columns={[
          {
            key: 'connector',
            header: t('adapters.connector'),
            cell: (each) => <span className="strong nowrap">{titleAmong(connectors, each, t)}</span>,
          },
          { key: 'does', header: t('adapters.does'), cell: ({ description }) => description },
        ]}
        rows={connectors}
        rowKey={referenceOf}
        onOpen={(each) => onConnector(referenceOf(each))}
      />
    </Panel>
  );
}

interface AdapterPageProps {
  id: string;
  onCopy: () => void;
  onDeleted: () => void;
}

export function AdapterPage({ id, onCopy, onDeleted }: AdapterPageProps) {
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
            const connector = items.find((known) => referenceOf(known) === saved.connector);
            return connector ? (
              <AdapterEditor
                key={saved.version}
                connector={connector}
                saved={saved}
                onSaved={() => {}}
                onCopy={onCopy}
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
