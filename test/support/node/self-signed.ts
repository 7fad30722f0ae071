/**
 * A TLS server of this machine whose certificate no authority signed: nobody who checks certificates may send it anything. Its key is of no
 * use to anyone.
 */
import { createServer } from 'node:https';

const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBkTCCATagAwIBAgIUGHTdgc/CLU5INKIYEoVEdjqwUwMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMjAwMjY1NVoYDzIxMjYxMDI5
MDAyNjU1WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATrBI8RII8gzBcE0OUzgQ1f29htEW0HhUWHmeRuMpSlbg6wQUKHrKeG
2X9yO11+SfHvqk6vtbSNXvZA7CVLcsVSo2QwYjAdBgNVHQ4EFgQUgMv+LCtLvhtb
wEGeBf9P+wycWSQwHwYDVR0jBBgwFoAUgMv+LCtLvhtbwEGeBf9P+wycWSQwDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0kAMEYC
IQCsCLeYGXgyL9yWlUrumtliRp9Zt4vSTgdVlxVOB4+89wIhAN1uHb6zT4A/clh9
Y7wEbjeuYA2YpHaVl0+cxbnIzUP0
-----END CERTIFICATE-----`;

const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/5lNWgXr1gT2+Z+Q
KR/M+9lImoLBMaFKZavo8iHW0MmhRANCAATrBI8RII8gzBcE0OUzgQ1f29htEW0H
hUWHmeRuMpSlbg6wQUKHrKeG2X9yO11+SfHvqk6vtbSNXvZA7CVLcsVS
-----END PRIVATE KEY-----`;

export interface SelfSigned {
  close(): Promise<void>;
}

/** Answers everything with a completion. */
export async function startSelfSigned(port: number): Promise<SelfSigned> {
  const server = createServer({ cert: CERTIFICATE, key: KEY }, (_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"choices":[{"index":0,"message":{"role":"assistant","content":"trusted"}}]}');
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
