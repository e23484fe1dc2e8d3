import { useNavigate, useSearch } from '@tanstack/react-router';
import { Sinks } from '@/features/sinks/components/sinks';

export default function SinksRoute() {
  const { q } = useSearch({ from: '/rooms/sinks' });
  const navigate = useNavigate();
  return (
    <Sinks
      filter={q ?? ''}
      onFilter={(filter) =>
        void navigate({ to: '/sinks', search: { q: filter || undefined }, replace: true })
      }
      onOpen={(id) => void navigate({ to: '/sinks/$id', params: { id } })}
      onCreate={() => void navigate({ to: '/sinks/new' })}
    />
  );
}
