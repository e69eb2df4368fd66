import type { ReactNode } from "react";
import { useId } from "react";
import classes from "./Panel.module.css";

interface Props {
  title: string;
  /** Controls at the right of the title. */
  actions?: ReactNode;
  children?: ReactNode;
}

/** Panel is a titled part of a page. */
export function Panel({ title, actions, children }: Props) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <header className={classes.head}>
        <h2 className={classes.title} id={id}>
          {title}
        </h2>
        {actions}
      </header>
      {children && <div className={classes.body}>{children}</div>}
    </section>
  );
}
