export { createEntraConnector } from './entra-connector.ts';
