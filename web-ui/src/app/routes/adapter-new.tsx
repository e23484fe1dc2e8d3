import { useNavigate, useSearch } from '@tanstack/react-router';
import { NewAdapter } from '@/features/adapters/components/adapter-page';

export default function NewAdapterRoute() {
  const { connector, from } = useSearch({ from: '/rooms/adapters/new' });
  const navigate = useNavigate();
  return (
    <NewAdapter
      connector={connector}
      from={from}
      onConnector={(reference) =>
        void navigate({
          to: '/adapters/new',
          search: { connector: reference },
          replace: connector !== undefined,
        })
      }
      onSaved={(id) => void navigate({ to: '/adapters/$id', params: { id }, replace: true })}
    />
  );
}
