// The application in the page: @openfeature/web-sdk with @openfeature/ofrep-web-provider.
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature, ProviderEvents } from "@openfeature/web-sdk";

const client = OpenFeature.getClient();
const changed = [];
const events = [];

globalThis.app = {
  /** Connects with a client key and gives the status of the provider. Without options it keeps no cache and never polls. */
  async start(baseUrl, key, context, options = { cacheMode: "disabled" }) {
    OpenFeature.addHandler(ProviderEvents.ConfigurationChanged, (event) => changed.push(...(event?.flagsChanged ?? [])));
    for (const kind of [ProviderEvents.Ready, ProviderEvents.Stale, ProviderEvents.Error]) {
      OpenFeature.addHandler(kind, () => events.push(kind));
    }
    await OpenFeature.setContext(context);
    try {
      await OpenFeature.setProviderAndWait(
        new OFREPWebProvider({ baseUrl, headers: [["Authorization", `Bearer ${key}`]], ...options }),
      );
    } catch {
      // The status says it.
    }
    return client.providerStatus;
  },
  read: (kind, key, codeDefault) => client[`get${kind}Details`](key, codeDefault),
  changed: () => changed,
  events: () => events,
  status: () => client.providerStatus,
  setContext: (context) => OpenFeature.setContext(context),
};
