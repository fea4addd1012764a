// Starts Redoc. A file of its own, because the page's policy allows no script in the HTML.
"use strict";

{
  const named = () => decodeURIComponent(location.hash.slice("#".length));
  try {
    named();
  } catch {
    // What cannot be decoded names nothing; Redoc would draw nothing at all.
    history.replaceState(null, "", location.pathname + location.search);
  }

  // Sections get their heights when they come into sight (page.css), so that the one which the
  // address names is elsewhere than it was when the page was drawn.
  const goToWhatIsNamed = () => {
    const selector = `[data-section-id="${CSS.escape(named())}"]`;
    const go = () => document.querySelector(selector)?.scrollIntoView();
    go();
    requestAnimationFrame(() => requestAnimationFrame(go));
  };

  const sans = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", sans-serif';
  const mono = 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace';
  const explorer = document.getElementById("explorer");

  Redoc.init(
    explorer.dataset.openapi,
    {
      // No answer is opened for the reader: their fields, all at once, would be a fifth of the page,
      // which takes a quarter longer then. What an answer looks like stands beside it.
      expandResponses: "",
      nativeScrollbars: true,
      requiredPropsFirst: false,
      theme: {
        colors: { primary: { main: "#1f3a5f" }, text: { primary: "#22262b" } },
        rightPanel: { backgroundColor: "#1b2a3d" },
        sidebar: { backgroundColor: "#faf7f2", textColor: "#22262b" },
        typography: {
          fontFamily: sans,
          fontSize: "15px",
          headings: { fontFamily: sans, fontWeight: "600" }, // the menu too; see page.css
          code: { fontFamily: mono, fontSize: "13px" },
        },
      },
    },
    explorer,
    goToWhatIsNamed,
  );
}
