import { createRoot } from 'react-dom/client';
import { App } from '@/app/app';
import '@/i18n';

createRoot(document.getElementById('root')!).render(<App />);
