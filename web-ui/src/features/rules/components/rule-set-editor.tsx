import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { PointTable, usePointIssues } from '@/components/point-table/point-table';
import { type Point, type PointRow, rowOf } from '@/components/point-table/points';
import type { Issue } from '@/components/schema-form/check';
import { Identity, identityIssues } from '@/components/schema-form/identity';
import { refused, under } from '@/components/schema-form/issues';
import { DeleteButton } from '@/components/ui/delete-button';
import { Panel } from '@/components/ui/panel';
import { Failure } from '@/components/ui/query-view';
import { columnOf, columnsSchema, rowPoint, ruleOf } from '../rows';
import { USUAL_WINDOWS, windowPoint, windowRule, windowSchema } from './windows';

interface RuleSetEditorProps {
  /** Null while the rule set is new. */
  saved: Schemas['RuleSet'] | null;
  onSaved: (id: string) => void;
  onDeleted?: () => void;
}

/** A rule is a row: which assets, which parameter, between what and what. Rows paste from a spreadsheet as points do. */
export function RuleSetEditor({ saved, onSaved, onDeleted }: RuleSetEditorProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [identity, setIdentity] = useState({ id: saved?.id ?? '', name: saved?.name ?? '' });
  const [rows, setRows] = useState<PointRow[]>(() =>
    (saved?.validation ?? [{ asset: '*', parameter: '*', required: true }]).map((entry) =>
      rowOf(rowPoint(entry)),
    ),
  );
  const [windows, setWindows] = useState<PointRow[]>(() =>
    (saved?.aggregates ?? USUAL_WINDOWS).map((entry) => rowOf(windowPoint(entry))),
  );
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState<{ rows: PointRow[]; windows: PointRow[]; issues: Issue[] }>();
  const onWindows = useCallback((change: (rows: PointRow[]) => PointRow[]) => setWindows(change), []);
  const onRows = useCallback((change: (rows: PointRow[]) => PointRow[]) => setRows(change), []);
  const [used] = useState(() => new Set(rows.flatMap(({ point }) => Object.keys(point))));
  const schema = useMemo(() => columnsSchema(t, used), [t, used]);
  const lengths = useMemo(() => windowSchema(t), [t]);
  const rowIssues = usePointIssues(schema, rows);
  const windowIssues = usePointIssues(lengths, windows);
  const local = identityIssues(identity, t('check.required'), t('common.idHint'));
  const blocked = local.length > 0 || [...rowIssues, ...windowIssues].some((issues) => issues.length > 0);

  const served = useMemo(() => {
    const byRow = new Map<Point, Issue[]>();
    for (const { pointer, message } of under(sent?.issues ?? [], '/validation')) {
      const [, index, rest] = /^\/(\d+)(.*)$/.exec(pointer) ?? [];
      const point = sent?.rows[Number(index)]?.point;
      if (point) byRow.set(point, [...(byRow.get(point) ?? []), { pointer: columnOf(rest ?? ''), message }]);
    }
    return byRow;
  }, [sent]);

  const servedWindows = useMemo(() => {
    const byRow = new Map<Point, Issue[]>();
    for (const { pointer, message } of under(sent?.issues ?? [], '/aggregates')) {
      const [, index, rest] = /^\/(\d+)(.*)$/.exec(pointer) ?? [];
      const point = sent?.windows[Number(index)]?.point;
      if (point) byRow.set(point, [...(byRow.get(point) ?? []), { pointer: rest ?? '', message }]);
    }
    return byRow;
  }, [sent]);

  const succeeded = async ({ id, name }: Schemas['RuleSet']) => {
    await queryClient.invalidateQueries();
    notifications.show({ message: t('common.saved', { name }) });
    onSaved(id);
  };
  const onError = (error: unknown) => setSent({ rows, windows, issues: refused(error) });
  const create = $api.useMutation('post', '/api/v1/rules', { onSuccess: succeeded, onError });
  const update = $api.useMutation('put', '/api/v1/rules/{id}', { onSuccess: succeeded, onError });
  const remove = $api.useMutation('delete', '/api/v1/rules/{id}', {
    onSuccess: async () => {
      onDeleted?.();
      await queryClient.invalidateQueries();
    },
  });
  const save = saved ? update : create;

  const onSave = () => {
    setTried(true);
    setSent(undefined);
    if (blocked) return;
    const body: Schemas['RuleSetDefinition'] = {
      ...identity,
      validation: rows.map(({ point }) => ruleOf(point)),
      aggregates: windows.map(({ point }) => windowRule(point)),
    };
    if (saved)
      update.mutate({
        params: { path: { id: saved.id }, header: { 'If-Match': `"${saved.version}"` } },
        body,
      });
    else create.mutate({ body });
  };

  return (
    <div className="page">
      <Panel
        title={saved ? saved.name : t('rules.create')}
        main
        padded
        actions={
          <>
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
      >
        {tried && blocked ? (
          <p className="note bad" role="alert">
            {t('form.blocked')}
          </p>
        ) : null}
        {save.isError ? <Failure error={save.error} /> : null}
        <div className="fields spaced">
          <Identity
            {...identity}
            existing={saved !== null}
            issues={[...(tried ? local : []), ...(sent?.issues ?? [])]}
            onChange={setIdentity}
          />
        </div>
      </Panel>
      <Panel title={t('rules.validation')} meta={t('rules.specific')}>
        <PointTable
          label={t('rules.validation')}
          fileName={`${identity.id || 'new'}-validation`}
          schema={schema}
          rows={rows}
          served={served}
          onChange={onRows}
        />
      </Panel>
      <Panel title={t('rules.aggregates')} meta={t('rules.aggregatesHint')}>
        <PointTable
          label={t('rules.aggregates')}
          fileName={`${identity.id || 'new'}-aggregates`}
          schema={lengths}
          rows={windows}
          served={servedWindows}
          onChange={onWindows}
        />
      </Panel>
    </div>
  );
}
