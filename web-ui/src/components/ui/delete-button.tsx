import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from './confirm';

interface DeleteButtonProps {
  name: string;
  busy: boolean;
  error: unknown;
  onDelete: () => void;
}

export function DeleteButton({ name, busy, error, onDelete }: DeleteButtonProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t('common.delete')}</Button>
      <Confirm
        opened={asking}
        title={t('common.deleteTitle', { name })}
        action={t('common.delete')}
        busy={busy}
        error={error}
        onConfirm={onDelete}
        onClose={() => setAsking(false)}
      >
        <p>{t('common.deleteText')}</p>
      </Confirm>
    </>
  );
}
