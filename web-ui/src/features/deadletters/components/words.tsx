import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/types';
import { formatUnit, formatValue } from '@/components/ui/number';
import { State } from '@/components/ui/state';

type Letter = Schemas['DeadLetter'];

/** What one looks for; everything that is given must fit. */
export interface LetterFilter {
  state: Schemas['DeadLetterState'] | null;
  gateway: string;
  topic: string;
  reason: string;
  asset: string;
  /** ISO 8601; empty for any time. */
  from: string;
}

export const queryOf = ({ state, gateway, topic, reason, asset, from }: LetterFilter) => ({
  state: state ?? undefined,
  gateway: gateway || undefined,
  topic: topic || undefined,
  reason: reason || undefined,
  asset: asset || undefined,
  from: from || undefined,
});

/** What a stage's reason code means; a code that came later than these words stands for itself. */
export function useReasonWord() {
  const { t } = useTranslation();
  return (code: string) => t(`deadletters.reasons.${code as 'RANGE'}`, { defaultValue: code });
}

/** A decision under way is a state of its own for the eye. */
export function LetterState({ letter }: { letter: Letter }) {
  const { t } = useTranslation();
  const { decision, state } = letter;
  if (state === 'PENDING' && decision)
    return (
      <span className="state">
        {t(`deadletters.underWay.${decision.progress}`, {
          action: t(`deadletters.action.${decision.action}`),
        })}
      </span>
    );
  return (
    <State
      word={t(`deadletters.state.${state}`)}
      urgency={state === 'REPROCESS_FAILED' ? 'warning' : state === 'PENDING' ? 'attention' : 'normal'}
    />
  );
}

export function LetterValue({ letter: { value, unit } }: { letter: Pick<Letter, 'value' | 'unit'> }) {
  if (value === null || value === undefined) return <span className="muted">–</span>;
  return (
    <span className="value">
      <b>{formatValue(value)}</b> {formatUnit(unit)}
    </span>
  );
}
