import { Link } from "@tanstack/react-router";
import { type FlagTab, flagTabs } from "../../search";
import classes from "./FlagPage.module.css";

const labels: Record<FlagTab, string> = {
  targeting: "Targeting",
  variations: "Variations",
  try: "Try it",
  history: "History",
  code: "Code",
};

export function FlagTabs({ selected }: { selected: FlagTab }) {
  return (
    <nav className={classes.tabs} aria-label="Parts of the flag">
      {flagTabs.map((tab) => (
        <Link
          key={tab}
          to="."
          search={(search: object) => ({ ...search, tab: tab === "targeting" ? undefined : tab })}
          className={classes.tab}
          activeOptions={{ exact: true, explicitUndefined: true }}
          aria-current={tab === selected ? "page" : undefined}
        >
          {labels[tab]}
        </Link>
      ))}
    </nav>
  );
}
