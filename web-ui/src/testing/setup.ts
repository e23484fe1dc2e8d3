import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { FakeEventSource } from './event-source';
import { server } from './server';
import '@/i18n';

// rooms are loaded on demand, on a machine that may be busy; asking jsdom whether each node is hidden costs seconds
configure({ asyncUtilTimeout: 10_000, defaultHidden: true });

// what jsdom lacks
vi.stubGlobal('EventSource', FakeEventSource);
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => {},
  removeEventListener: () => {},
  addListener: () => {},
  removeListener: () => {},
}));
window.scrollTo = () => {};
Element.prototype.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};
// rows exist only where there is height: give everything some
Object.defineProperty(Element.prototype, 'clientHeight', { value: 400 });
Object.defineProperty(Element.prototype, 'clientWidth', { value: 1000 });
// a canvas is for browsers: what the trend draws is checked there, and its table here
vi.mock('uplot', () => ({
  default: class {
    static join = () => [[]];
    static tzDate = (date: Date) => date;
    setData() {}
    setScale() {}
    setSize() {}
    destroy() {}
  },
}));

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  FakeEventSource.open = [];
  localStorage.clear();
});
afterAll(() => server.close());
