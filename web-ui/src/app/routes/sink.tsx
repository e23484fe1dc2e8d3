import { useNavigate, useParams } from '@tanstack/react-router';
import { SinkPage } from '@/features/sinks/components/sink-page';

export default function SinkRoute() {
  const { id } = useParams({ from: '/rooms/sinks/$id' });
  const navigate = useNavigate();
  return <SinkPage key={id} id={id} onDeleted={() => void navigate({ to: '/sinks' })} />;
}
