import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { PointTable, usePointIssues } from '@/components/point-table/point-table';
import { emptyPoint, type Point, pointOf, type PointRow, rowOf } from '@/components/point-table/points';
import { checker, type Issue, type JsonSchema } from '@/components/schema-form/check';
import { Identity, identityIssues } from '@/components/schema-form/identity';
import { at, refused, under } from '@/components/schema-form/issues';
import { SchemaForm } from '@/components/schema-form/schema-form';
import { DeleteButton } from '@/components/ui/delete-button';
import { Panel } from '@/components/ui/panel';
import { Failure } from '@/components/ui/query-view';

const ConnectionResult = lazy(async () => ({
  default: (await import('./connection-result')).ConnectionResult,
}));
const Methods = lazy(() => import('./methods'));
const AdapterRuns = lazy(() => import('./adapter-runs'));
/** Few devices can be looked through: what does it comes when it is asked for. */
const BrowseDevice = lazy(async () => ({ default: (await import('./browse-device')).BrowseDevice }));

interface AdapterEditorProps {
  connector: Schemas['Connector'];
  /** Null while the adapter is new. */
  saved: Schemas['Adapter'] | null;
  /** What a new one begins with: all but its name, id and asset. */
  model?: Schemas['Adapter'];
  picker?: ReactNode;
  onSaved: (id: string) => void;
  onCopy?: () => void;
  onDeleted?: () => void;
}

const REFERENCE = ({ id, version }: Schemas['Connector']) => `${id}@${version}`;

export function AdapterEditor({
  connector,
  saved,
  model,
  picker,
  onSaved,
  onCopy,
  onDeleted,
}: AdapterEditorProps) {
  const initial = saved ?? model;
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const schema = connector.schema as JsonSchema;
  const pointSchema = connector.pointSchema as JsonSchema | null;

  const [identity, setIdentity] = useState({ id: saved?.id ?? '', name: saved?.name ?? '' });
  const [asset, setAsset] = useState(saved?.asset ?? '');
  const [enabled, setEnabled] = useState(initial?.enabled ?? true);
  const [parameters, setParameters] = useState<Record<string, unknown>>(() => initial?.parameters ?? {});
  const [rows, setRows] = useState<PointRow[]>(() =>
    (initial?.points ?? []).map((point) => rowOf(point as Point)),
  );
  const [tried, setTried] = useState(false);
  /** What the control plane refused, with what was sent: a field that changed since is no longer marked. */
  const [sent, setSent] = useState<{
    parameters: Record<string, unknown>;
    rows: PointRow[];
    issues: Issue[];
  }>();
  const [gateway, setGateway] = useState<string>();
  const [browsing, setBrowsing] = useState(false);

  const checkParameters = useMemo(() => checker(schema), [schema]);
  const pointIssues = usePointIssues(pointSchema, rows);
  const local = [
    ...identityIssues(identity, t('check.required'), t('common.idHint')),
    ...(asset.trim() === '' ? [{ pointer: '/asset', message: t('check.required') }] : []),
    ...checkParameters(parameters).map(({ pointer, message }) => ({
      pointer: `/parameters${pointer}`,
      message,
    })),
  ];
  const blocked = local.length > 0 || pointIssues.some((issues) => issues.length > 0);

  const served = useMemo(() => {
    const byPoint = new Map<Point, Issue[]>();
    for (const { pointer, message } of under(sent?.issues ?? [], '/points')) {
      const [, index, rest] = /^\/(\d+)(.*)$/.exec(pointer) ?? [];
      const point = sent?.rows[Number(index)]?.point;
      if (point) byPoint.set(point, [...(byPoint.get(point) ?? []), { pointer: rest ?? '', message }]);
    }
    return byPoint;
  }, [sent]);
  const parameterIssues = useMemo(() => {
    const own = tried ? checkParameters(parameters) : [];
    const remote = under(sent?.issues ?? [], '/parameters').filter(({ pointer }) => {
      const key = pointer.split('/')[1] ?? '';
      return sent?.parameters[key] === parameters[key];
    });
    return own.length ? own : remote;
  }, [tried, checkParameters, parameters, sent]);
  const issues = [...(tried ? local : []), ...(sent?.issues ?? [])];

  const body = (): Schemas['AdapterDefinition'] => ({
    ...identity,
    asset,
    enabled,
    connector: REFERENCE(connector),
    parameters: parameters as Schemas['AdapterDefinition']['parameters'],
    points: rows.map(({ point }) => point) as Schemas['AdapterDefinition']['points'],
  });
  const failed = (error: unknown, prefix: string) =>
    setSent({ parameters, rows, issues: under(refused(error), prefix) });
  const succeeded = async ({ id, name }: Schemas['Adapter']) => {
    await queryClient.invalidateQueries();
    notifications.show({ message: t('common.saved', { name }) });
    onSaved(id);
  };
  const create = $api.useMutation('post', '/api/v1/adapters', {
    onSuccess: succeeded,
    onError: (error) => failed(error, ''),
  });
  const update = $api.useMutation('put', '/api/v1/adapters/{id}', {
    onSuccess: succeeded,
    onError: (error) => failed(error, ''),
  });
  const remove = $api.useMutation('delete', '/api/v1/adapters/{id}', {
    onSuccess: async () => {
      onDeleted?.();
      await queryClient.invalidateQueries();
    },
  });
  const test = $api.useMutation('post', '/api/v1/adapters/test', {
    onError: (error) => failed(error, '/adapter'),
  });
  const save = saved ? update : create;

  const whenRight = (then: () => void) => {
    setTried(true);
    setSent(undefined);
    // what was read was read with what stood in the form before
    test.reset();
    if (!blocked) then();
  };
  const onSave = () =>
    whenRight(() =>
      saved
        ? update.mutate({
            params: { path: { id: saved.id }, header: { 'If-Match': `"${saved.version}"` } },
            body: body(),
          })
        : create.mutate({ body: body() }),
    );

  const gateways = $api.useQuery('get', '/api/v1/gateways', {
    params: { query: { status: 'APPROVED', limit: 1000 } },
  });
  const gatewayId = gateway ?? gateways.data?.items[0]?.id;
  const onRows = useCallback((change: (rows: PointRow[]) => PointRow[]) => setRows(change), []);

  return (
    <div className="page">
      <Panel
        title={saved ? saved.name : t('adapters.create')}
        main
        meta={connector.title}
        actions={
          <>
            {connector.testable || connector.browsable ? (
              <NativeSelect
                size="xs"
                aria-label={t('adapters.testOn')}
                disabled={gatewayId === undefined}
                value={gatewayId ?? ''}
                onChange={({ currentTarget }) => setGateway(currentTarget.value)}
                data={
                  gateways.data?.items.length
                    ? gateways.data.items.map(({ id, name }) => ({
                        value: id,
                        label: t('adapters.on', { name }),
                      }))
                    : [{ value: '', label: gateways.data ? t('adapters.noGateway') : '' }]
                }
              />
            ) : null}
            {connector.testable ? (
              <Button
                loading={test.isPending}
                disabled={gatewayId === undefined}
                onClick={() =>
                  whenRight(() => gatewayId && test.mutate({ body: { gatewayId, adapter: body() } }))
                }
              >
                {t('adapters.test')}
              </Button>
            ) : null}
            {onCopy ? <Button onClick={onCopy}>{t('adapters.copy')}</Button> : null}
            {saved && onDeleted ? (
              <DeleteButton
                name={saved.name}
                busy={remove.isPending}
                error={remove.error}
                onDelete={() =>
                  remove.mutate({
                    params: { path: { id: saved.id }, header: { 'If-Match': `"${saved.version}"` } },
                  })
                }
              />
            ) : null}
            <Button variant="filled" loading={save.isPending} onClick={onSave}>
              {t('common.save')}
            </Button>
          </>
        }
        padded
      >
        {tried && blocked ? (
          <p className="note bad" role="alert">
            {t('form.blocked')}
          </p>
        ) : null}
        {save.isError ? <Failure error={save.error} /> : null}
        {test.isError ? <Failure error={test.error} /> : null}
        <div className="fields spaced">
          {picker}
          <Identity {...identity} existing={saved !== null} issues={issues} onChange={setIdentity} />
          <TextInput
            size="xs"
            withAsterisk
            label={t('adapters.asset')}
            description={t('adapters.assetHint')}
            classNames={{ input: 'mono' }}
            value={asset}
            error={at(issues, '/asset')}
            onChange={({ currentTarget }) => setAsset(currentTarget.value)}
          />
          <Checkbox
            size="xs"
            label={t('adapters.enabled')}
            description={t('adapters.enabledHint')}
            checked={enabled}
            onChange={({ currentTarget }) => setEnabled(currentTarget.checked)}
          />
        </div>
      </Panel>
      {saved ? (
        <Suspense>
          <AdapterRuns id={saved.id} />
          {saved.points.some((point) => (point as Point).method === true) ? (
            <Methods adapterId={saved.id} />
          ) : null}
        </Suspense>
      ) : null}
      <div className={test.data ? 'columns' : undefined}>
        <Panel title={t('adapters.connection')} padded>
          <SchemaForm schema={schema} value={parameters} issues={parameterIssues} onChange={setParameters} />
        </Panel>
        {test.data ? (
          <Suspense>
            <ConnectionResult answer={test.data} />
          </Suspense>
        ) : null}
      </div>
      {pointSchema ? (
        <Panel
          title={t('adapters.points')}
          actions={
            connector.browsable ? (
              <Button
                disabled={gatewayId === undefined || checkParameters(parameters).length > 0}
                onClick={() => setBrowsing(true)}
              >
                {t('adapters.browse')}
              </Button>
            ) : undefined
          }
        >
          <PointTable
            label={t('adapters.points')}
            fileName={`${identity.id || 'new'}-points`}
            schema={pointSchema}
            rows={rows}
            served={served}
            onChange={onRows}
          />
        </Panel>
      ) : null}
      {browsing && pointSchema && gatewayId ? (
        <Suspense>
          <BrowseDevice
            gatewayId={gatewayId}
            connector={REFERENCE(connector)}
            parameters={parameters}
            points={rows.map(({ point }) => point)}
            onPicked={(points) => {
              const empty = emptyPoint(pointOf(pointSchema));
              setRows((before) => [...before, ...points.map((point) => rowOf({ ...empty, ...point }))]);
              setBrowsing(false);
            }}
            onClose={() => setBrowsing(false)}
          />
        </Suspense>
      ) : null}
    </div>
  );
}
