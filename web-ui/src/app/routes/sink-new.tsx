import { useNavigate, useSearch } from '@tanstack/react-router';
import { NewSink } from '@/features/sinks/components/sink-page';

export default function NewSinkRoute() {
  const { connector } = useSearch({ from: '/rooms/sinks/new' });
  const navigate = useNavigate();
  return (
    <NewSink
      connector={connector}
      onConnector={(reference) =>
        void navigate({ to: '/sinks/new', search: { connector: reference }, replace: true })
      }
      onSaved={(id) => void navigate({ to: '/sinks/$id', params: { id }, replace: true })}
    />
  );
}
