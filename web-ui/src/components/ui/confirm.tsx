import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from './query-view';

interface ConfirmProps {
  opened: boolean;
  title: string;
  children: ReactNode;
  action: string;
  busy: boolean;
  error: unknown;
  disabled?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asked only before what is irreversible or touches the plant. */
export function Confirm(props: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onConfirm();
        }}
      >
        <Stack gap={12}>
          {props.children}
          {props.error ? <Failure error={props.error} /> : null}
          <Group justify="flex-end" gap={8}>
            <Button onClick={props.onClose}>{t('common.cancel')}</Button>
            <Button type="submit" variant="filled" loading={props.busy} disabled={props.disabled}>
              {props.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
