/** /docs: Swagger UI over /openapi.json, from our own files alone; nothing is fetched from elsewhere. */
import type { AppContext } from './context.ts';
import { respondProblem } from './respond.ts';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Perigee API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#page', deepLinking: true, persistAuthorization: true });\n`;

const CONTENT_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

export function docsPage(c: AppContext): Response {
  c.header('content-security-policy', CONTENT_POLICY);
  return c.html<string>(PAGE);
}

export async function docsFile(c: AppContext): Promise<Response> {
  const file = c.req.param('file') ?? '';
  if (file === 'start.js') {
    return c.body(START, 200, { 'content-type': 'text/javascript; charset=utf-8' });
  }
  const asset = await c.get('gateway').assets.fetch(`https://assets.local/docs/${encodeURIComponent(file)}`);
  if (!asset.ok) {
    await asset.body?.cancel();
    return respondProblem(c, { kind: 'not-found', message: 'There is no such page.' });
  }
  return new Response(asset.body, asset);
}
