// The application in the page: @openfeature/web-sdk with @openfeature/ofrep-web-provider, which never polls.
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature, ProviderEvents } from "@openfeature/web-sdk";

const client = OpenFeature.getClient();
const changed = [];

globalThis.app = {
  /** Connects with a client key and gives the status of the provider. */
  async start(baseUrl, key, context) {
    OpenFeature.addHandler(ProviderEvents.ConfigurationChanged, (event) => changed.push(...(event?.flagsChanged ?? [])));
    await OpenFeature.setContext(context);
    await OpenFeature.setProviderAndWait(
      new OFREPWebProvider({ baseUrl, headers: [["Authorization", `Bearer ${key}`]], cacheMode: "disabled" }),
    );
    return client.providerStatus;
  },
  read: (kind, key, codeDefault) => client[`get${kind}Details`](key, codeDefault),
  changed: () => changed,
  setContext: (context) => OpenFeature.setContext(context),
};
