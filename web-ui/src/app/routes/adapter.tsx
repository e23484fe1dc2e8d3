import { useNavigate, useParams } from '@tanstack/react-router';
import { AdapterPage } from '@/features/adapters/components/adapter-page';

export default function AdapterRoute() {
  const { id } = useParams({ from: '/rooms/adapters/$id' });
  const navigate = useNavigate();
  return (
    <AdapterPage
      key={id}
      id={id}
      onCopy={() => void navigate({ to: '/adapters/new', search: { from: id } })}
      onDeleted={() => void navigate({ to: '/adapters' })}
    />
  );
}
