import { useNavigate, useSearch } from '@tanstack/react-router';
import { Adapters } from '@/features/adapters/components/adapters';

export default function AdaptersRoute() {
  const { q } = useSearch({ from: '/rooms/adapters' });
  const navigate = useNavigate();
  return (
    <Adapters
      filter={q ?? ''}
      onFilter={(filter) =>
        void navigate({ to: '/adapters', search: { q: filter || undefined }, replace: true })
      }
      onOpen={(id) => void navigate({ to: '/adapters/$id', params: { id } })}
      onCreate={() => void navigate({ to: '/adapters/new' })}
    />
  );
}
