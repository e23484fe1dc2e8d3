import { useNavigate, useSearch } from '@tanstack/react-router';
import { DeadLetters } from '@/features/deadletters/components/dead-letters';

export default function DeadLettersRoute() {
  const search = useSearch({ from: '/rooms/dead-letters' });
  const navigate = useNavigate({ from: '/dead-letters' });
  return (
    <DeadLetters
      filter={{
        state: search.state === 'ALL' ? null : (search.state ?? 'PENDING'),
        gateway: search.gateway ?? '',
        topic: search.topic ?? '',
        reason: search.reason ?? '',
        asset: search.q ?? '',
        from: search.from ?? '',
      }}
      onFilter={({ state, asset, ...rest }) =>
        void navigate({
          replace: true,
          search: (old) => ({
            ...old,
            ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value || undefined])),
            ...(asset === undefined ? {} : { q: asset || undefined }),
            ...(state === undefined ? {} : { state: state ?? 'ALL' }),
          }),
        })
      }
      open={search.letter ?? null}
      onOpen={(letter) => void navigate({ search: (old) => ({ ...old, letter: letter ?? undefined }) })}
    />
  );
}
