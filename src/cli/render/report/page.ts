/** The HTML document around a report: one file that loads nothing, runs nothing and sends nothing. */
import { createHash } from 'node:crypto';
import { Html, html } from '../../../html/html.ts';
import { style } from './style.ts';

const hash = createHash('sha256').update(style).digest('base64');

/** Whatever should get into the file by a name in a directory, the browser neither runs nor fetches it. */
const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;

export function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex, nofollow">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
${body}
</body>
</html>
`.text;
}
