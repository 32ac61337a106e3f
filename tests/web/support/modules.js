const pages = new URL('../../../public/', import.meta.url).href;

/** @type {import('node:module').LoadHook} */
export const load = (url, context, nextLoad) =>
  nextLoad(url, url.startsWith(pages) && url.endsWith('.js') ? { ...context, format: 'module' } : context);
