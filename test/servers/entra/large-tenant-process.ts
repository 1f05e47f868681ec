/** An emulated tenant of many people in a process of its own, for measurements: what to reach it by is what it prints. */
import { startEntra } from './server.ts';

const [, , count = '100000', pageSize = '999'] = process.argv;
const entra = await startEntra({ tenant: { deltaPageSize: Number(pageSize) }, repeatsAnswers: true });
for (let index = 0; index < Number(count); index += 1) {
  const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const person = {
    displayName: `Person ${index}`,
    givenName: 'Person',
    surname: `Number ${index}`,
    jobTitle: 'Clerk',
    department: `Department ${index % 50}`,
    employeeId: String(100_000 + index),
    officeLocation: 'Vienna',
    mobilePhone: '+43 660 1234567',
    businessPhones: ['+43 1 1234567'],
    proxyAddresses: [`SMTP:person.${index}@contoso.example`, `smtp:p${index}@contoso.example`],
    onPremisesExtensionAttributes: { extensionAttribute1: 'red', extensionAttribute2: 'blue' },
  };
  entra.directory.addUser(person, id);
}
const { tenantId, clientId, secret } = entra.registration;
process.stdout.write(
  `${JSON.stringify({ url: entra.url, caFile: entra.caFile, tenantId, clientId, secret })}\n`,
);
