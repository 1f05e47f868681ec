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

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes a CA and a server's certificate in `folder`, in about 0.1 s. */
export function makeCertificates(folder: string, options: CertificateOptions = {}): Certificates {
  const path = (name: string): string => join(folder, name);
  run(
    ...['req', '-x509', ...newKey, '-keyout', path('ca.key'), '-out', path('ca.pem'), '-days', '30'],
    ...['-subj', '/CN=Rollcall test CA', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  );
  writeFileSync(path('index.txt'), '');
  writeFileSync(path('ca.cnf'), caConf(folder));
  return sign(folder, {
    name: 'server',
    subject: '/CN=test server',
    extensions: `subjectAltName=${options.subjectAltName ?? 'IP:127.0.0.1'}\nextendedKeyUsage=serverAuth\n`,
    isExpired: options.isExpired === true,
  });
}

/** Makes a certificate for a client, from the CA that {@link makeCertificates} has put into `folder`. */
export function makeClientCertificate(folder: string, subject: string): Certificates {
  return sign(folder, {
    name: 'client',
    subject,
    extensions: 'extendedKeyUsage=clientAuth\n',
    isExpired: false,
  });
}

type Request = {
  readonly name: string;
  readonly subject: string;
  readonly extensions: string;
  readonly isExpired: boolean;
};

function sign(folder: string, { name, subject, extensions, isExpired }: Request): Certificates {
  const path = (file: string): string => join(folder, file);
  const [keyFile, certificateFile] = [path(`${name}.key`), path(`${name}.pem`)];
  run(...['req', ...newKey, '-keyout', keyFile, '-out', path(`${name}.csr`), '-subj', subject]);
  writeFileSync(path(`${name}.ext`), extensions);
  // `openssl x509` of version 3.0 can't make a certificate that has ended already; `openssl ca` can.
  run(
    ...['ca', '-batch', '-config', path('ca.cnf'), '-cert', path('ca.pem'), '-keyfile', path('ca.key')],
    ...['-in', path(`${name}.csr`), '-out', certificateFile, '-extfile', path(`${name}.ext`), '-notext'],
    ...['-startdate', '20200101000000Z', '-enddate', isExpired ? '20200201000000Z' : '20991231000000Z'],
  );
  return { caFile: path('ca.pem'), certificateFile, keyFile };
}

function run(...args: readonly string[]): void {
  execFileSync(requireProgram('openssl'), args, { stdio: ['ignore', 'ignore', 'pipe'] });
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
organizationName = optional
commonName = supplied
`;
