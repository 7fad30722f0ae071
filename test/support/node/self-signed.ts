/**
 * A TLS server of this machine whose certificate no authority signed: nobody who checks certificates may send it anything. Its key is of no
 * use to anyone.
 */
import { createServer } from 'node:https';

const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBjjCCATOgAwIBAgIUbwoVI8W6pQW9mzW9hyYSssd/ixYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMjAwMzcyMloYDzIxMjYxMDI5
MDAzNzIyWjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAS148d3s8FBPbzaojTYjxBAp9S6wJ0QcKtEdfRpATvqTb9s8HcxDpoX
rn5ouBIBU3So+y/w7IhGxf4OuZPdwsz5o2EwXzAdBgNVHQ4EFgQUMru50hRPUCt5
etL12B5aAvtt9OMwHwYDVR0jBBgwFoAUMru50hRPUCt5etL12B5aAvtt9OMwDwYD
VR0RBAgwBocEfwAAATAMBgNVHRMBAf8EAjAAMAoGCCqGSM49BAMCA0kAMEYCIQCm
rZpboHPpu0pxJxnP++6RjXzEZOOME0IwPYfCczU1aAIhAOJRclHqggDPxUinwf9d
COTYH7rTxD1sOlDTwoTWrPXB
-----END CERTIFICATE-----`;

const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgptAF0ltaH7u9SWDA
1Y++8h2x58c8o9ksNhNegAcDXHmhRANCAAS148d3s8FBPbzaojTYjxBAp9S6wJ0Q
cKtEdfRpATvqTb9s8HcxDpoXrn5ouBIBU3So+y/w7IhGxf4OuZPdwsz5
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
