import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { hasStatus } from "./api/problem";
import { environmentsQuery, projectsQuery } from "./api/projects";
import { sessionQuery } from "./api/session";
import { NotFound } from "./components/NotFound";
import { RouteError } from "./components/RouteError";
import {
  changesSearch,
  deploymentsSearch,
  environmentSearch,
  flagSearch,
  flagsSearch,
  settingsSearch,
  signInSearch,
} from "./search";
import { ProjectShell } from "./shell/ProjectShell";

interface RouterContext {
  queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({ component: Outlet });

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import("./pages/sign-in/SignInPage"), "SignInPage"),
});

/** Everything but the sign-in page needs a session. */
const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  component: Outlet,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (hasStatus(error, 401)) {
        throw redirect({ to: "/sign-in", search: { to: location.href } });
      }
      throw error;
    }
  },
});

const homeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/",
  beforeLoad: async ({ context }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    const projects = await context.queryClient.ensureQueryData(projectsQuery);
    const project = session.project ?? projects[0]?.key ?? "default";
    throw redirect({ to: "/projects/$project/flags", params: { project }, replace: true });
  },
});

const projectRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/projects/$project",
  component: ProjectShell,
  loader: ({ context, params }) => context.queryClient.ensureQueryData(environmentsQuery(params.project)),
});

const projectHomeRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/projects/$project/flags", params, replace: true });
  },
});

const flagsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/flags",
  validateSearch: flagsSearch,
  component: lazyRouteComponent(() => import("./pages/flags/FlagsPage"), "FlagsPage"),
});

const flagRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/flags/$flag",
  validateSearch: flagSearch,
  component: lazyRouteComponent(() => import("./pages/flag/FlagPage"), "FlagPage"),
});

const deploymentsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/deployments",
  validateSearch: deploymentsSearch,
  component: lazyRouteComponent(() => import("./pages/deployments/DeploymentsPage"), "DeploymentsPage"),
});

const fleetRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/fleet",
  validateSearch: environmentSearch,
  component: lazyRouteComponent(() => import("./pages/fleet/FleetPage"), "FleetPage"),
});

const changesRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/changes",
  validateSearch: changesSearch,
  component: lazyRouteComponent(() => import("./pages/changes/ChangesPage"), "ChangesPage"),
});

const segmentsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/segments",
  component: lazyRouteComponent(() => import("./pages/segments/SegmentsPage"), "SegmentsPage"),
});

const settingsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: "/settings",
  validateSearch: settingsSearch,
  component: lazyRouteComponent(() => import("./pages/settings/SettingsPage"), "SettingsPage"),
});

const routeTree = rootRoute.addChildren([
  signInRoute,
  appRoute.addChildren([
    homeRoute,
    projectRoute.addChildren([
      projectHomeRoute,
      flagsRoute,
      flagRoute,
      deploymentsRoute,
      fleetRoute,
      changesRoute,
      segmentsRoute,
      settingsRoute,
    ]),
  ]),
]);

export function newRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
