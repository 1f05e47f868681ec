export { createLdifConnector } from './connector.ts';
