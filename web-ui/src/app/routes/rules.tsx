import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { RuleSets } from '@/features/rules/components/rule-sets';

export default function RulesRoute() {
  const navigate = useNavigate();
  const [filter, setFilter] = useState('');
  return (
    <RuleSets
      filter={filter}
      onFilter={setFilter}
      onOpen={(id) => void navigate({ to: '/rules/$id', params: { id } })}
      onCreate={() => void navigate({ to: '/rules/new' })}
    />
  );
}
