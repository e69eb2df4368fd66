// Sets the colour scheme before the first paint. A file of its own, since the content policy allows no inline script.
(function () {
  var chosen = null;
  try {
    chosen = window.localStorage.getItem("mantine-color-scheme-value");
  } catch (error) {
    // Storage may be closed to the page: then the system's scheme holds.
    console.info("No stored colour scheme:", error);
  }
  var dark = chosen === "dark" || (chosen !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
