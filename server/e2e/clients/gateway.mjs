// A network between a client and flagd that a test can cut.
import { once } from "node:events";
import { connect, createServer } from "node:net";

/** Listens on a free port and passes every connection on to target, a URL. */
export async function openGateway(target) {
  const { hostname, port } = new URL(target);
  const sockets = new Set();
  let open = true;
  const keep = (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const server = createServer((client) => {
    keep(client);
    if (!open) {
      client.destroy();
    } else {
      const upstream = connect(Number(port), hostname);
      keep(upstream);
      client.on("close", () => upstream.destroy());
      upstream.on("close", () => client.destroy());
      client.pipe(upstream).pipe(client);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const cut = () => {
    open = false;
    sockets.forEach((socket) => socket.destroy());
  };
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Ends all connections and refuses new ones. */
    cut,
    /** Passes connections on again. */
    restore: () => {
      open = true;
    },
    close: () => {
      cut();
      server.close();
    },
  };
}
