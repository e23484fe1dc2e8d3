import { Button, Group, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { Confirm } from '@/components/ui/confirm';
import { formatValue } from '@/components/ui/number';
import { Panel } from '@/components/ui/panel';
import { QueryView } from '@/components/ui/query-view';

type Method = Schemas['Method'];

/** The methods of an adapter that runs, each with a button, and the dialog of the one that was chosen. */
export default function Methods({ adapterId }: { adapterId: string }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Method | null>(null);
  const methods = $api.useQuery('get', '/api/v1/methods', {
    params: { query: { adapter: adapterId, limit: 1000 } },
  });
  return (
    <Panel title={t('methods.title')} padded>
      <QueryView query={methods}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{t('methods.none')}</p>
          ) : (
            <>
              <Group gap={8}>
                {items.map((method) => (
                  <Button
                    key={JSON.stringify([method.gatewayId, method.assetId, method.name])}
                    disabled={!method.rule}
                    onClick={() => setChosen(method)}
                  >
                    {t('methods.open', { method: `${method.assetId}/${method.name}` })}
                  </Button>
                ))}
              </Group>
              {items.some(({ rule }) => !rule) ? (
                <p className="muted spaced">
                  {t('methods.notCallable', {
                    methods: items
                      .filter(({ rule }) => !rule)
                      .map(({ assetId, name }) => `${assetId}/${name}`)
                      .join(', '),
                  })}
                </p>
              ) : null}
            </>
          )
        }
      </QueryView>
      {chosen?.rule ? (
        <CallMethod method={chosen} rule={chosen.rule} onClose={() => setChosen(null)} />
      ) : null}
    </Panel>
  );
}

interface CallMethodProps {
  method: Method;
  rule: Schemas['WriteRule'];
  onClose: () => void;
}

/** Calls a method: first its arguments, then once more with what they are, then what came of it. The gateway guards the call. */
function CallMethod({ method, rule, onClose }: CallMethodProps) {
  const { t } = useTranslation();
  const [values, setValues] = useState<Record<string, string | number>>({});
  const given = (argument: Method['arguments'][number]) => {
    const value = values[argument.name] ?? '';
    if (!argument.several) return value;
    const each = String(value)
      .split(',')
      .map((one) => one.trim());
    return argument.min === null && argument.max === null ? each : each.map(Number);
  };
  const [sure, setSure] = useState(false);
  const call = $api.useMutation('post', '/api/v1/methods/call');
  const name = `${method.assetId}/${method.name}`;
  const change = (argument: string, value: string | number) => {
    setValues((before) => ({ ...before, [argument]: value }));
    setSure(false);
  };
  const outside = ({ name: argument, min, max }: Method['arguments'][number]) => {
    const value = values[argument];
    return typeof value === 'number' && (value < (min ?? value) || value > (max ?? value));
  };
  const incomplete = method.arguments.some(
    (argument) => (values[argument.name] ?? '') === '' || outside(argument),
  );
  const said = method.arguments
    .map((argument) => `${argument.name} ${formatValue(values[argument.name] ?? '')}`)
    .join(', ');
  if (call.data)
    return (
      <Confirm
        opened
        title={t('methods.called', { method: name })}
        action={t('methods.close')}
        busy={false}
        error={null}
        onConfirm={onClose}
        onClose={onClose}
      >
        {call.data.outputs.length === 0 ? (
          <p role="status">{t('methods.noOutput')}</p>
        ) : (
          <ul role="status">
            {call.data.outputs.map((output) => (
              <li key={output.name}>
                {output.name} <span className="mono">{formatValue(output.value ?? '–')}</span>
              </li>
            ))}
          </ul>
        )}
      </Confirm>
    );
  return (
    <Confirm
      opened
      title={t('methods.call', { method: name })}
      action={t(sure ? 'methods.do' : 'tags.write.continue')}
      busy={call.isPending}
      error={call.error}
      disabled={incomplete}
      onConfirm={() => {
        if (!sure) setSure(true);
        else
          call.mutate({
            body: {
              gatewayId: method.gatewayId,
              assetId: method.assetId,
              method: method.name,
              arguments: Object.fromEntries(
                method.arguments.map((argument) => [argument.name, given(argument)]),
              ) as unknown as Schemas['MethodCall']['arguments'],
            },
          });
      }}
      onClose={onClose}
    >
      {method.arguments.map((argument) =>
        argument.several || (argument.min === null && argument.max === null) ? (
          <TextInput
            key={argument.name}
            label={argument.name}
            description={argument.several ? t('methods.several') : undefined}
            value={values[argument.name] ?? ''}
            onChange={({ currentTarget }) => change(argument.name, currentTarget.value)}
          />
        ) : (
          <NumberInput
            key={argument.name}
            label={argument.name}
            description={t('methods.range', {
              min: formatValue(argument.min ?? '–'),
              max: formatValue(argument.max ?? '–'),
            })}
            value={values[argument.name] ?? ''}
            onChange={(typed) => change(argument.name, typed)}
            error={outside(argument) ? t('tags.write.outside') : undefined}
          />
        ),
      )}
      <ul className="muted">
        {rule.intervalMs ? <li>{t('tags.write.interval', { ms: rule.intervalMs })}</li> : null}
        {rule.onlyIf ? (
          <li>{t('tags.write.onlyIf', { point: rule.onlyIf, value: rule.onlyIfValue })}</li>
        ) : null}
      </ul>
      {sure ? (
        <p className="note" role="status">
          {t('methods.sure', {
            method: name,
            given: said || t('methods.nothing'),
            gateway: method.gatewayId,
          })}
        </p>
      ) : null}
    </Confirm>
  );
}
