import "react";

declare module "react" {
  // Custom properties are set through style, too.
  interface CSSProperties {
    [property: `--${string}`]: string | number | undefined;
  }
}
