import { Button, Kbd, Tooltip } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { AccountMenu } from "./AccountMenu";
import { ColorSchemeToggle } from "./ColorSchemeToggle";
import classes from "./Header.module.css";
import { ProjectSelect } from "./ProjectSelect";
import { useStreamState } from "./Stream";

export const pages = [
  { to: "/projects/$project/flags", label: "Flags", key: "f" },
  { to: "/projects/$project/deployments", label: "Deployments", key: "d" },
  { to: "/projects/$project/fleet", label: "Fleet", key: "l" },
  { to: "/projects/$project/changes", label: "Changes", key: "c" },
  { to: "/projects/$project/segments", label: "Segments", key: "s" },
  { to: "/projects/$project/settings", label: "Settings", key: "t" },
] as const;

interface Props {
  project: string;
  onShortcuts: () => void;
}

export function Header({ project, onShortcuts }: Props) {
  return (
    <header className={classes.header}>
      <Link to="/" className={classes.brand}>
        <img src="/favicon.svg" alt="" width={22} height={22} />
        Tidegate
      </Link>
      <ProjectSelect project={project} />
      <nav className={classes.nav} aria-label="Pages">
        {pages.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            params={{ project }}
            className={classes.link}
            activeProps={{ className: classes.active ?? "" }}
          >
            {label}
          </Link>
        ))}
      </nav>
      <div className={classes.tools}>
        <Button variant="default" leftSection={<IconSearch size={14} />} onClick={() => spotlight.open()}>
          Jump
          <Kbd size="xs" ml={8} className={classes.wide}>
            Ctrl K
          </Kbd>
        </Button>
        <Live />
        <ColorSchemeToggle />
        <AccountMenu onShortcuts={onShortcuts} />
      </div>
    </header>
  );
}

const liveLabels = {
  open: "Live: changes show at once",
  connecting: "Connecting to the server",
  lost: "Not connected to the server",
} as const;

function Live() {
  const state = useStreamState();
  return (
    <Tooltip label={liveLabels[state]}>
      <span role="img" aria-label={liveLabels[state]} className={classes.live} data-state={state} />
    </Tooltip>
  );
}
