import { useParams } from '@tanstack/react-router';
import { DeploymentPage } from '@/features/deployments/components/deployment-page';

export default function DeploymentRoute() {
  const { id } = useParams({ from: '/rooms/deployments/$id' });
  return <DeploymentPage key={id} id={id} />;
}
