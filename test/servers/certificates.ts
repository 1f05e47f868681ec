/** Throw-away certificates for test servers on 127.0.0.1: a CA of their own, on an elliptic curve since that is quick. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireProgram } from './programs.ts';

export type Certificates = {
  /** PEM file of the CA. */
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
};

export type CertificateOptions = {
  /** What the server's certificate is for, as OpenSSL writes it; `IP:127.0.0.1` unless told. */
  readonly subjectAltName?: string;
  /** Makes a certificate that ended in the past. */
  readonly isExpired?: boolean;
};

/** Makes a CA and a server's certificate in `folder`, in about 0.1 s. */
export function makeCertificates(folder: string, options: CertificateOptions = {}): Certificates {
  const openssl = requireProgram('openssl');
  const path = (name: string): string => join(folder, name);
  const run = (...args: readonly string[]): void => {
    execFileSync(openssl, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

  run(
    ...['req', '-x509', ...newKey, '-keyout', path('ca.key'), '-out', path('ca.pem'), '-days', '30'],
    ...['-subj', '/CN=Rollcall test CA', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  );
  run(
    'req',
    ...newKey,
    '-keyout',
    path('server.key'),
    '-out',
    path('server.csr'),
    '-subj',
    '/CN=test server',
  );
  writeFileSync(
    path('server.ext'),
    `subjectAltName=${options.subjectAltName ?? 'IP:127.0.0.1'}\nextendedKeyUsage=serverAuth\n`,
  );
  // `openssl x509` of version 3.0 can't make a certificate that has ended already; `openssl ca` can.
  writeFileSync(path('index.txt'), '');
  writeFileSync(path('ca.cnf'), caConf(folder));
  const [from, to] =
    options.isExpired === true
      ? (['20200101000000Z', '20200201000000Z'] as const)
      : (['20200101000000Z', '20991231000000Z'] as const);
  run(
    ...['ca', '-batch', '-config', path('ca.cnf'), '-cert', path('ca.pem'), '-keyfile', path('ca.key')],
    ...['-in', path('server.csr'), '-out', path('server.pem'), '-extfile', path('server.ext'), '-notext'],
    ...['-startdate', from, '-enddate', to],
  );
  return { caFile: path('ca.pem'), certificateFile: path('server.pem'), keyFile: path('server.key') };
}

const caConf = (folder: string): string => `
[ca]
default_ca = test
[test]
database = ${folder}/index.txt
new_certs_dir = ${folder}
default_md = sha256
rand_serial = yes
policy = any
[any]
commonName = supplied
`;
