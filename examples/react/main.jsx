// A page that has two versions. Tidegate evaluates the flag for its user over OFREP and tells it when that changes: the
// page follows without polling, and without being loaded again. Run it with a client SDK key, after marking the flag
// new-checkout as one for clients:
//
//   SDK_KEY=… npm --prefix examples run react
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature, OpenFeatureProvider, useBooleanFlagDetails } from "@openfeature/react-sdk";
import { createRoot } from "react-dom/client";

const { SDK_KEY, TIDEGATE_URL = "http://127.0.0.1:8080" } = import.meta.env;

const user = new URLSearchParams(location.search).get("user") ?? "ada";
await OpenFeature.setContext({ targetingKey: user, country: "FR" });
OpenFeature.setProvider(
  new OFREPWebProvider({ baseUrl: TIDEGATE_URL, headers: [["Authorization", `Bearer ${SDK_KEY}`]] }),
);

function Checkout() {
  const { value, reason } = useBooleanFlagDetails("new-checkout", false);
  return (
    <>
      <h1>{value ? "The new checkout" : "The old checkout"}</h1>
      <p>
        for {user}: {reason}
      </p>
    </>
  );
}

createRoot(document.getElementById("app")).render(
  <OpenFeatureProvider>
    <Checkout />
  </OpenFeatureProvider>,
);
