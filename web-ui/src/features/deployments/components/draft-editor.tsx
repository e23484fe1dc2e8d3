import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import type { Issue } from '@/components/schema-form/check';
import { Identity, identityIssues } from '@/components/schema-form/identity';
import { at, refused } from '@/components/schema-form/issues';
import { Panel } from '@/components/ui/panel';
import { Failure } from '@/components/ui/query-view';

interface DraftEditorProps {
  /** Null while the deployment is new. */
  saved: Schemas['Deployment'] | null;
  onSaved: (id: string) => void;
  /** Tells whether the draft on screen differs from the saved one. */
  onDirty?: (dirty: boolean) => void;
  actions?: ReactNode;
}

const ALL = { params: { query: { limit: 1000 } } };

/** What a gateway is to run. Saving changes nothing on the plant; only activating does. */
export function DraftEditor({ saved, onSaved, onDirty, actions }: DraftEditorProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const gateways = $api.useQuery('get', '/api/v1/gateways', ALL);
  const adapters = $api.useQuery('get', '/api/v1/adapters', ALL);
  const sinks = $api.useQuery('get', '/api/v1/sinks', ALL);
  const ruleSets = $api.useQuery('get', '/api/v1/rules', ALL);

  const [draft, setDraft] = useState({
    id: saved?.id ?? '',
    name: saved?.name ?? '',
    gatewayId: saved?.gatewayId ?? '',
    adapters: saved?.adapters ?? [],
    sinks: saved?.sinks ?? [],
    ruleSet: saved?.ruleSet ?? '',
    delivery: saved?.delivery ?? ('exactly-once' as const),
  });
  const [tried, setTried] = useState(false);
  const [dirty, setDirty] = useState(false);
  const change = (part: Partial<typeof draft>) => {
    setDraft((old) => ({ ...old, ...part }));
    setDirty(true);
    onDirty?.(true);
  };

  const usable = gateways.data?.items.filter(({ status }) => status !== 'REVOKED') ?? [];
  const gatewayId = draft.gatewayId || (usable[0]?.id ?? '');
  const ruleSet =
    draft.ruleSet || (saved || draft.ruleSet === null ? '' : (ruleSets.data?.items[0]?.id ?? ''));
  const local: Issue[] = [
    ...identityIssues(draft, t('check.required'), t('common.idHint')),
    ...(gatewayId === '' ? [{ pointer: '/gatewayId', message: t('check.required') }] : []),
  ];
  const onSuccess = async ({ id, name }: Schemas['Deployment']) => {
    setDirty(false);
    onDirty?.(false);
    await queryClient.invalidateQueries();
    notifications.show({ message: t('common.saved', { name }) });
    onSaved(id);
  };
  const create = $api.useMutation('post', '/api/v1/deployments', { onSuccess });
  const update = $api.useMutation('put', '/api/v1/deployments/{id}', { onSuccess });
  const save = saved ? update : create;
  const issues = [...(tried ? local : []), ...refused(save.error)];
  const onSave = () => {
    setTried(true);
    save.reset();
    if (local.length > 0) return;
    const body = { ...draft, gatewayId, ruleSet: ruleSet || null };
    if (saved)
      update.mutate({
        params: { path: { id: saved.id }, header: { 'If-Match': `"${saved.version}"` } },
        body,
      });
    else create.mutate({ body });
  };
  const error = gateways.error ?? adapters.error ?? sinks.error ?? ruleSets.error;

  return (
    <Panel
      title={saved ? saved.name : t('deployments.create')}
      main
      meta={dirty ? t('deployments.unsaved') : saved ? t('deployments.saved') : null}
      padded
      actions={
        <>
          <Button variant={saved && !dirty ? 'default' : 'filled'} loading={save.isPending} onClick={onSave}>
            {t('deployments.saveDraft')}
          </Button>
          {actions}
        </>
      }
    >
      {save.isError || error ? <Failure error={save.error ?? error} /> : null}
      <div className="fields spaced">
        <Identity {...draft} existing={saved !== null} issues={issues} onChange={change} />
        <NativeSelect
          size="xs"
          withAsterisk
          label={t('common.gateway')}
          description={t('deployments.gatewayHint')}
          value={gatewayId}
          error={at(issues, '/gatewayId')}
          onChange={({ currentTarget }) => change({ gatewayId: currentTarget.value })}
          data={usable.map(({ id, name, status }) => ({
            value: id,
            label: status === 'PENDING' ? t('deployments.pendingGateway', { name }) : name,
          }))}
        />
        <NativeSelect
          size="xs"
          label={t('deployments.ruleSet')}
          description={t('deployments.ruleSetHint')}
          value={ruleSet}
          error={at(issues, '/ruleSet')}
          onChange={({ currentTarget }) => change({ ruleSet: currentTarget.value })}
          data={[
            { value: '', label: t('deployments.noRuleSet') },
            // until the names are there, what is chosen must not look like none
            ...(ruleSets.data?.items.map(({ id, name }) => ({ value: id, label: name })) ??
              (ruleSet ? [{ value: ruleSet, label: ruleSet }] : [])),
          ]}
        />
        <NativeSelect
          size="xs"
          label={t('deployments.delivery')}
          description={t('deployments.deliveryHint')}
          value={draft.delivery}
          error={at(issues, '/delivery')}
          onChange={({ currentTarget }) =>
            change({ delivery: currentTarget.value as Schemas['Deployment']['delivery'] })
          }
          data={[
            { value: 'exactly-once', label: t('deployments.exactlyOnce') },
            { value: 'at-least-once', label: t('deployments.atLeastOnce') },
          ]}
        />
        <Choices
          label={t('nav.adapters')}
          items={adapters.data?.items}
          chosen={draft.adapters}
          error={at(issues, '/adapters')}
          onChange={(chosen) => change({ adapters: chosen })}
          none={<Link to="/adapters/new">{t('adapters.create')}</Link>}
        />
        <Choices
          label={t('nav.sinks')}
          items={sinks.data?.items}
          chosen={draft.sinks}
          error={at(issues, '/sinks')}
          onChange={(chosen) => change({ sinks: chosen })}
          none={<Link to="/sinks/new">{t('sinks.create')}</Link>}
        />
      </div>
    </Panel>
  );
}

interface ChoicesProps {
  label: string;
  items: { id: string; name: string }[] | undefined;
  chosen: string[];
  error: string | undefined;
  onChange: (chosen: string[]) => void;
  none: ReactNode;
}

function Choices({ label, items, chosen, error, onChange, none }: ChoicesProps) {
  return (
    <Checkbox.Group size="xs" label={label} value={chosen} onChange={onChange} error={error} className="wide">
      <div className="inline-choices">
        {items?.length === 0
          ? none
          : items?.map(({ id, name }) => <Checkbox key={id} size="xs" value={id} label={name} />)}
      </div>
    </Checkbox.Group>
  );
}
