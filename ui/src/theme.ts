import { createTheme, type CSSVariablesResolver } from "@mantine/core";

/** The system's own fonts: nothing is fetched from another host. */
const sans = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif';
const mono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';

const dense = { defaultProps: { size: "xs" } };

export const theme = createTheme({
  primaryColor: "cyan",
  primaryShade: { light: 9, dark: 9 },
  fontFamily: sans,
  fontFamilyMonospace: mono,
  fontSizes: { xs: "0.8125rem", sm: "0.875rem", md: "0.9375rem" },
  headings: { fontFamily: sans, fontWeight: "600", sizes: { h1: { fontSize: "1.25rem" }, h2: { fontSize: "1rem" } } },
  defaultRadius: "sm",
  cursorType: "pointer",
  components: {
    Autocomplete: dense,
    Button: { defaultProps: { size: "xs", fw: 500 } },
    Checkbox: dense,
    MultiSelect: dense,
    NumberInput: dense,
    Select: dense,
    Switch: dense,
    TagsInput: dense,
    Textarea: dense,
    TextInput: dense,
    SegmentedControl: dense,
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4 } } },
    Tooltip: { defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: true } } },
  },
});

/** Mantine's quiet and error colours miss the contrast of 4.5 to 1 that small text needs. */
export const readableColors: CSSVariablesResolver = (base) => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": base.colors.gray[7],
    "--mantine-color-placeholder": base.colors.gray[7],
    "--mantine-color-error": base.colors.red[9],
  },
  dark: {
    "--mantine-color-dimmed": base.colors.dark[1],
    "--mantine-color-placeholder": base.colors.dark[1],
    "--mantine-color-error": base.colors.red[4],
  },
});
