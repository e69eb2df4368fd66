import { useDisclosure } from "@mantine/hooks";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import { Rows } from "../components/Rows";
import { Header, pages } from "./Header";
import classes from "./ProjectShell.module.css";
import { ReconnectBanner } from "./ReconnectBanner";
import { ShortcutsHelp } from "./ShortcutsHelp";
import { Stream } from "./Stream";
import { type Shortcut, useShortcuts } from "./shortcuts";
import { useProject } from "./useProject";

const FlagJump = lazy(async () => ({ default: (await import("./FlagJump")).FlagJump }));

/** ProjectShell is what stands around every page of a project. */
export function ProjectShell() {
  const project = useProject();
  const [helpOpened, help] = useDisclosure(false);
  const shortcuts = useProjectShortcuts(project, help.open);
  useShortcuts(shortcuts);
  return (
    <Stream key={project} project={project}>
      <a href="#page" className={classes.skip}>
        Skip to the page
      </a>
      <Header project={project} onShortcuts={help.open} />
      <ReconnectBanner />
      <main id="page" className={classes.page}>
        <Suspense fallback={<Rows />}>
          <Outlet />
        </Suspense>
      </main>
      <Suspense>
        <FlagJump />
      </Suspense>
      <ShortcutsHelp shortcuts={shortcuts} opened={helpOpened} onClose={help.close} />
    </Stream>
  );
}

function useProjectShortcuts(project: string, showHelp: () => void): Shortcut[] {
  const navigate = useNavigate();
  return useMemo(
    () => [
      {
        keys: "/",
        label: "Search the flags",
        run: () => {
          const field = document.getElementById("flag-search");
          if (field) {
            field.focus();
          } else {
            void navigate({ to: "/projects/$project/flags", params: { project } });
          }
        },
      },
      {
        keys: "n",
        label: "Create a flag",
        run: () => void navigate({ to: "/projects/$project/flags", params: { project }, search: { create: true } }),
      },
      ...pages.map(({ to, label, key }) => ({
        keys: `g ${key}`,
        label: `Go to ${label.toLowerCase()}`,
        run: () => void navigate({ to, params: { project } }),
      })),
      { keys: "?", label: "This list", run: showHelp },
    ],
    [navigate, project, showHelp],
  );
}
