// Runs before the first paint, so that a dark control room never sees a white flash.
(() => {
  const saved = localStorage.getItem('streamforge-scheme');
  const dark = saved === 'dark' || (saved !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
