import { useNavigate, useSearch } from '@tanstack/react-router';
import { Login } from '@/features/auth/components/login';

export default function LoginRoute() {
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/login' });
  return <Login onDone={() => void navigate({ to: next?.startsWith('/') ? next : '/overview' })} />;
}
