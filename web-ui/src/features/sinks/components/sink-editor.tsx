import { Button, Checkbox } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { checker, type JsonSchema } from '@/components/schema-form/check';
import { Identity, identityIssues } from '@/components/schema-form/identity';
import { at, refused, under } from '@/components/schema-form/issues';
import { SchemaForm } from '@/components/schema-form/schema-form';
import { DeleteButton } from '@/components/ui/delete-button';
import { Panel } from '@/components/ui/panel';
import { Failure } from '@/components/ui/query-view';

/** The topics of the stream a sink can deliver. */
const TOPICS = ['telemetry.clean', 'telemetry.1s', 'telemetry.1min', 'telemetry.1hour', 'events.clean'];

interface SinkEditorProps {
  connector: Schemas['Connector'];
  /** Null while the sink is new. */
  saved: Schemas['Sink'] | null;
  picker?: ReactNode;
  onSaved: (id: string) => void;
  onDeleted?: () => void;
}

export function SinkEditor({ connector, saved, picker, onSaved, onDeleted }: SinkEditorProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const schema = connector.schema as JsonSchema;
  const [identity, setIdentity] = useState({ id: saved?.id ?? '', name: saved?.name ?? '' });
  const [topics, setTopics] = useState(saved?.topics ?? ['telemetry.clean']);
  const [parameters, setParameters] = useState<Record<string, unknown>>(() => saved?.parameters ?? {});
  const [tried, setTried] = useState(false);

  const check = useMemo(() => checker(schema), [schema]);
  const local = [
    ...identityIssues(identity, t('check.required'), t('common.idHint')),
    ...(topics.length === 0 ? [{ pointer: '/topics', message: t('sinks.noTopic') }] : []),
    ...check(parameters).map(({ pointer, message }) => ({ pointer: `/parameters${pointer}`, message })),
  ];
  const succeeded = async ({ id, name }: Schemas['Sink']) => {
    await queryClient.invalidateQueries();
    notifications.show({ message: t('common.saved', { name }) });
    onSaved(id);
  };
  const create = $api.useMutation('post', '/api/v1/sinks', { onSuccess: succeeded });
  const update = $api.useMutation('put', '/api/v1/sinks/{id}', { onSuccess: succeeded });
  const remove = $api.useMutation('delete', '/api/v1/sinks/{id}', {
    onSuccess: async () => {
      onDeleted?.();
      await queryClient.invalidateQueries();
    },
  });
  const save = saved ? update : create;
  const issues = tried && local.length ? local : refused(save.error);
  const parameterIssues = useMemo(() => under(issues, '/parameters'), [issues]);

  const onSave = () => {
    setTried(true);
    save.reset();
    if (local.length > 0) return;
    const body: Schemas['SinkDefinition'] = {
      ...identity,
      topics,
      connector: `${connector.id}@${connector.version}`,
      parameters,
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
        title={saved ? saved.name : t('sinks.create')}
        main
        meta={connector.title}
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
        {tried && local.length > 0 ? (
          <p className="note bad" role="alert">
            {t('form.blocked')}
          </p>
        ) : null}
        {save.isError ? <Failure error={save.error} /> : null}
        <div className="fields spaced">
          {picker}
          <Identity {...identity} existing={saved !== null} issues={issues} onChange={setIdentity} />
          <Checkbox.Group
            size="xs"
            label={t('sinks.topics')}
            description={t('sinks.topicsHint')}
            value={topics}
            onChange={setTopics}
            error={at(issues, '/topics')}
            className="wide"
          >
            <div className="inline-choices">
              {[...new Set([...TOPICS, ...topics])].map((topic) => (
                <Checkbox key={topic} size="xs" value={topic} label={<code>{topic}</code>} />
              ))}
            </div>
          </Checkbox.Group>
        </div>
      </Panel>
      <Panel title={t('adapters.connection')} padded>
        <SchemaForm schema={schema} value={parameters} issues={parameterIssues} onChange={setParameters} />
      </Panel>
    </div>
  );
}
