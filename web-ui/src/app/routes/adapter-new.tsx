import { useNavigate, useSearch } from '@tanstack/react-router';
import { NewAdapter } from '@/features/adapters/components/adapter-page';

export default function NewAdapterRoute() {
  const { connector } = useSearch({ from: '/rooms/adapters/new' });
  const navigate = useNavigate();
  return (
    <NewAdapter
      connector={connector}
      onConnector={(reference) =>
        void navigate({ to: '/adapters/new', search: { connector: reference }, replace: true })
      }
      onSaved={(id) => void navigate({ to: '/adapters/$id', params: { id }, replace: true })}
    />
  );
}
