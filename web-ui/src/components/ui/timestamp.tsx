import { useTranslation } from 'react-i18next';
import { formatAge, formatTime, useNow, useTimeZone } from './time';

export function Timestamp({ at }: { at: string | null | undefined }) {
  const zone = useTimeZone();
  const { t } = useTranslation();
  return at ? (
    <time dateTime={at} title={zone}>
      {formatTime(at, zone)}
    </time>
  ) : (
    <span className="muted">{t('common.never')}</span>
  );
}

/** "12 s ago" */
export function Age({ at }: { at: string | null | undefined }) {
  const now = useNow();
  const { t } = useTranslation();
  if (!at) return <span className="muted">{t('common.never')}</span>;
  return <span className="nowrap">{t('common.ago', { age: formatAge(now - Date.parse(at)) })}</span>;
}
