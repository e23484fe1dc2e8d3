import { Button, NumberInput, SegmentedControl, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { Confirm } from '@/components/ui/confirm';
import { formatUnit, formatValue } from '@/components/ui/number';
import { type LiveStore, tagKey } from '../api/live';

interface WriteTagsProps {
  tags: Schemas['Tag'][];
  live: LiveStore;
}

/** A button for each of the tags, which may be written, and the dialog of the one that was chosen. */
export function WriteTags({ tags, live }: WriteTagsProps) {
  const { t } = useTranslation();
  const [writing, setWriting] = useState<Schemas['Tag'] | null>(null);
  return (
    <>
      {tags.map((tag) => (
        <Button key={tagKey(tag)} onClick={() => setWriting(tag)}>
          {t('tags.write.open', { parameter: tag.parameter })}
        </Button>
      ))}
      {writing?.writeRule ? (
        <WriteTag tag={writing} rule={writing.writeRule} live={live} onClose={() => setWriting(null)} />
      ) : null}
    </>
  );
}

interface WriteTagProps {
  tag: Schemas['Tag'];
  rule: Schemas['WriteRule'];
  live: LiveStore;
  onClose: () => void;
}

type Written = number | boolean | string;

/** Writes one value to a device: first the value, then once more with what it replaces. The gateway guards it and reads it back. */
function WriteTag({ tag, rule, live, onClose }: WriteTagProps) {
  const { t } = useTranslation();
  const [value, setValue] = useState<Written | null>(null);
  const [sure, setSure] = useState(false);
  const write = $api.useMutation('post', '/api/v1/tags/write', {
    onSuccess: ({ before, readBack }) => {
      notifications.show({
        message: t('tags.write.done', {
          tag: `${tag.assetId}/${tag.parameter}`,
          before: formatValue(before ?? '–'),
          value: formatValue(readBack ?? '–'),
        }),
      });
      onClose();
    },
  });
  const now = live.value(tagKey(tag))?.value ?? null;
  const unit = formatUnit(tag.unit);
  const min = rule.min ?? undefined;
  const max = rule.max ?? undefined;
  const outside =
    typeof value === 'number' && ((min !== undefined && value < min) || (max !== undefined && value > max));
  const change = (next: Written | null) => {
    setValue(next);
    setSure(false);
  };
  return (
    <Confirm
      opened
      title={t('tags.write.title', { tag: `${tag.assetId}/${tag.parameter}` })}
      action={t(sure ? 'tags.write.write' : 'tags.write.continue')}
      busy={write.isPending}
      error={write.error}
      disabled={value === null || value === '' || outside}
      onConfirm={() => {
        if (!sure) setSure(true);
        else if (value !== null)
          write.mutate({
            body: {
              gatewayId: tag.gatewayId,
              assetId: tag.assetId,
              parameter: tag.parameter,
              value: value as unknown as Schemas['TagWrite']['value'],
            },
          });
      }}
      onClose={onClose}
    >
      {typeof now === 'boolean' ? (
        <SegmentedControl
          aria-label={t('tags.write.value')}
          value={value === null ? '' : String(value)}
          onChange={(chosen) => change(chosen === 'true')}
          data={['true', 'false']}
        />
      ) : typeof now === 'string' ? (
        <TextInput
          data-autofocus
          label={t('tags.write.value')}
          value={typeof value === 'string' ? value : ''}
          onChange={({ currentTarget }) => change(currentTarget.value)}
        />
      ) : (
        <NumberInput
          data-autofocus
          label={`${t('tags.write.value')}${unit ? ` (${unit})` : ''}`}
          value={typeof value === 'number' ? value : ''}
          onChange={(typed) => change(typeof typed === 'number' ? typed : null)}
          error={outside ? t('tags.write.outside') : undefined}
        />
      )}
      <ul className="muted">
        {min === undefined ? null : <li>{t('tags.write.min', { min: formatValue(min), unit })}</li>}
        {max === undefined ? null : <li>{t('tags.write.max', { max: formatValue(max), unit })}</li>}
        {rule.intervalMs ? <li>{t('tags.write.interval', { ms: rule.intervalMs })}</li> : null}
        {rule.onlyIf ? (
          <li>{t('tags.write.onlyIf', { point: rule.onlyIf, value: rule.onlyIfValue })}</li>
        ) : null}
      </ul>
      {sure && value !== null ? (
        <p className="note" role="status">
          {t('tags.write.sure', {
            before: now === null ? '–' : formatValue(now),
            value: formatValue(value),
            unit,
            gateway: tag.gatewayId,
          })}
        </p>
      ) : null}
    </Confirm>
  );
}
