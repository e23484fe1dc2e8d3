import { useNavigate, useSearch } from '@tanstack/react-router';
import { Gateways } from '@/features/gateways/components/gateways';

export default function GatewaysRoute() {
  const search = useSearch({ from: '/rooms/gateways' });
  const navigate = useNavigate({ from: '/gateways' });
  return (
    <Gateways
      filter={search.q ?? ''}
      onFilter={(q) => void navigate({ search: (old) => ({ ...old, q: q || undefined }), replace: true })}
      open={search.gateway ?? null}
      onOpen={(gateway) => void navigate({ search: (old) => ({ ...old, gateway: gateway ?? undefined }) })}
    />
  );
}
