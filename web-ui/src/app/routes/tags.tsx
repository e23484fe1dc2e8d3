import { useNavigate, useSearch } from '@tanstack/react-router';
import { Tags } from '@/features/tags/components/tags';

export default function TagsRoute() {
  const search = useSearch({ from: '/rooms/tags' });
  const navigate = useNavigate({ from: '/tags' });
  return (
    <Tags
      filter={search.q ?? ''}
      gateway={search.gateway ?? ''}
      trended={search.trend?.split(',') ?? []}
      minutes={Number(search.minutes ?? 15)}
      onChange={({ filter, gateway, trended, minutes }) =>
        void navigate({
          replace: true,
          search: (old) => ({
            q: (filter ?? old.q) || undefined,
            gateway: (gateway ?? old.gateway) || undefined,
            trend: (trended ? trended.join(',') : old.trend) || undefined,
            minutes: minutes ? String(minutes) : old.minutes,
          }),
        })
      }
    />
  );
}
