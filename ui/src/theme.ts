import { type CSSVariablesResolver, createTheme, darken } from "@mantine/core";

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
    // The head of a dialog is not the banner of the page: the page has its own.
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.4 },
        attributes: { header: { role: "presentation" } },
      },
    },
    Tooltip: { defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: true } } },
  },
});

/** Mantine's quiet and error colours, and those under the mouse, miss the contrast of 4.5 to 1 that small text needs. */
export const readableColors: CSSVariablesResolver = (base) => {
  const names = Object.keys(base.colors);
  const forAll = (suffix: string, darker: number) =>
    Object.fromEntries(
      names.map((name) => [`--mantine-color-${name}-${suffix}`, darken(base.colors[name]?.[9] ?? "#000", darker)]),
    );
  const filled = forAll("filled-hover", 0.2);
  const primary = {
    "--mantine-primary-color-filled-hover": filled[`--mantine-color-${base.primaryColor}-filled-hover`] ?? "",
  };
  return {
    variables: {},
    light: {
      ...filled,
      ...primary,
      ...forAll("light-color", 0.25),
      "--mantine-color-dimmed": base.colors.gray[7],
      "--mantine-color-placeholder": base.colors.gray[7],
      "--mantine-color-error": base.colors.red[9],
    },
    dark: {
      ...filled,
      ...primary,
      "--mantine-color-dimmed": base.colors.dark[1],
      "--mantine-color-placeholder": base.colors.dark[1],
      "--mantine-color-error": base.colors.red[4],
    },
  };
};
