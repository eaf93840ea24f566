/** Node's message ports as Comlink knows a page's. */
export { default as nodeEndpoint } from 'comlink/dist/esm/node-adapter.mjs';
