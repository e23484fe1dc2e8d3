import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/types';
import { State, type Urgency } from './state';

type Gateway = Pick<Schemas['Gateway'], 'status' | 'health'>;

const health: Record<Gateway['health'], Urgency> = {
  HEALTHY: 'normal',
  DEGRADED: 'warning',
  UNHEALTHY: 'failure',
  FAILED: 'failure',
  OFFLINE: 'failure',
};

/** How a gateway does; one that nobody let in yet, or that was sent away, says that instead. */
export function GatewayState({ gateway }: { gateway: Gateway }) {
  const { t } = useTranslation();
  if (gateway.status === 'PENDING') return <State word={t('gateways.status.PENDING')} urgency="attention" />;
  if (gateway.status === 'REVOKED') return <State word={t('gateways.status.REVOKED')} urgency="normal" />;
  return <State word={t(`gateways.health.${gateway.health}`)} urgency={health[gateway.health]} />;
}

const route: Record<Schemas['RouteStatus']['state'], Urgency> = {
  STARTING: 'normal',
  RUNNING: 'normal',
  DEGRADED: 'warning',
  FAILED: 'failure',
  STOPPED: 'attention',
};

export function RouteState({ state }: { state: Schemas['RouteStatus']['state'] }) {
  const { t } = useTranslation();
  return <State word={t(`gateways.route.${state}`)} urgency={route[state]} />;
}
