import classes from "./CodeBlock.module.css";
import { Copy } from "./Copy";

export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div className={classes.block}>
      <pre className={classes.code} tabIndex={0} aria-label={label}>
        {code}
      </pre>
      <div className={classes.copy}>
        <Copy value={code} label={`Copy ${label}`} />
      </div>
    </div>
  );
}
