// Asks Tidegate for a flag over OFREP with OpenFeature's own provider, every second.
import { OpenFeature } from '@openfeature/server-sdk';
import { OFREPProvider } from '@openfeature/ofrep-provider';

await OpenFeature.setProviderAndWait(
  new OFREPProvider({
    baseUrl: 'http://127.0.0.1:8080',
    headers: [['Authorization', `Bearer ${process.env.SDK_KEY}`]],
  }),
);
const client = OpenFeature.getClient();

setInterval(async () => {
  const details = await client.getBooleanDetails('new-checkout', false, { targetingKey: 'user-1', country: 'FR' });
  console.log(details.value, details.variant, details.reason);
}, 1000);
