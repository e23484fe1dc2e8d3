import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';

/** A line to paste into a terminal. */
export function Command({ text }: { text: string }) {
  const { t } = useTranslation();
  const clipboard = useClipboard();
  return (
    <div className="command">
      <code>{text}</code>
      <Button onClick={() => clipboard.copy(text)}>
        {clipboard.copied ? t('common.copied') : t('common.copy')}
      </Button>
    </div>
  );
}
