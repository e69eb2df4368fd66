// The application in the page: @openfeature/web-sdk with @openfeature/flagd-web-provider, which speaks Connect.
import { FlagdWebProvider } from "@openfeature/flagd-web-provider";
import { OpenFeature, ProviderEvents } from "@openfeature/web-sdk";

const client = OpenFeature.getClient();
let changes = 0;

globalThis.app = {
  /** Connects with a client key and gives the status of the provider. */
  async start(address, key, context) {
    const authorize = (next) => (request) => {
      request.header.set("Authorization", `Bearer ${key}`);
      return next(request);
    };
    OpenFeature.addHandler(ProviderEvents.ConfigurationChanged, () => changes++);
    await OpenFeature.setContext(context);
    await OpenFeature.setProviderAndWait(
      new FlagdWebProvider({ ...address, tls: false, interceptors: [authorize], maxDelay: 500 }),
    );
    return client.providerStatus;
  },
  read: (kind, key, codeDefault) => client[`get${kind}Details`](key, codeDefault),
  changes: () => changes,
  setContext: (context) => OpenFeature.setContext(context),
};
