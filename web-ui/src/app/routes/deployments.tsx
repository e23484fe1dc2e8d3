import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Deployments } from '@/features/deployments/components/deployments';

export default function DeploymentsRoute() {
  const navigate = useNavigate();
  const [filter, setFilter] = useState('');
  return (
    <Deployments
      filter={filter}
      onFilter={setFilter}
      onOpen={(id) => void navigate({ to: '/deployments/$id', params: { id } })}
      onCreate={() => void navigate({ to: '/deployments/new' })}
    />
  );
}
