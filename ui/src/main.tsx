import "./mantine.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./styles.css";

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { newQueryClient } from "./api/queryClient";
import { newRouter } from "./router";
import { readableColors, theme } from "./theme";

const queryClient = newQueryClient(() => {
  const { pathname, href } = router.state.location;
  if (pathname !== "/sign-in") {
    void router.navigate({ to: "/sign-in", search: { to: href }, replace: true });
  }
});
const router = newRouter(queryClient);

const root = document.getElementById("root");
if (!root) {
  throw new Error("index.html has no element #root to render into");
}
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={readableColors} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" limit={3} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
