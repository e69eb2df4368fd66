// A web server whose page has two versions. It asks Tidegate over OFREP, with OpenFeature's own provider, for the user of
// each request. Run it with:
//
//   SDK_KEY=… npm --prefix examples run node
//
// Then open http://127.0.0.1:8091/?user=ada and switch the flag new-checkout: the page follows.
import { createServer } from "node:http";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OpenFeature } from "@openfeature/server-sdk";

const { SDK_KEY, TIDEGATE_URL = "http://127.0.0.1:8080", PORT = "8091" } = process.env;

await OpenFeature.setProviderAndWait(
  new OFREPProvider({ baseUrl: TIDEGATE_URL, headers: { Authorization: `Bearer ${SDK_KEY}` } }),
);
const client = OpenFeature.getClient();

const server = createServer(async (request, response) => {
  const { searchParams } = new URL(request.url, "http://localhost");
  const user = { targetingKey: searchParams.get("user") ?? "anonymous", country: "FR" };
  const { value, reason } = await client.getBooleanDetails("new-checkout", false, user);
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(`<!doctype html><title>Shop</title><meta http-equiv="refresh" content="1">
<h1>${value ? "The new checkout" : "The old checkout"}</h1><p>${reason}</p>
`);
});
server.listen(Number(PORT), "127.0.0.1", () => console.log(`open http://127.0.0.1:${PORT}/?user=ada`));
