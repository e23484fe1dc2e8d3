import { useNavigate, useParams } from '@tanstack/react-router';
import { RuleSetPage } from '@/features/rules/components/rule-sets';

export default function RuleSetRoute() {
  const { id } = useParams({ from: '/rooms/rules/$id' });
  const navigate = useNavigate();
  return <RuleSetPage key={id} id={id} onDeleted={() => void navigate({ to: '/rules' })} />;
}
