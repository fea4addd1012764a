// Starts Swagger UI. A file of its own, because the page's policy allows no script in the HTML.
"use strict";

// From so many characters on, text is shown without colours: they make each of its words an element,
// twenty thousand for a page of meetings, which take a browser longer than the answer does.
const LONG = 10_000;

const plainWhereLong = () => ({
  wrapComponents: {
    SyntaxHighlighter: (Coloured, system) => (props) => {
      const { children, renderPlainText } = props;
      if (renderPlainText && typeof children === "string" && children.length > LONG) {
        const PlainTextViewer = system.getComponent("PlainTextViewer");
        return renderPlainText({ children, PlainTextViewer });
      }
      return system.React.createElement(Coloured, props);
    },
  },
});

// Swagger UI reads the whole document anew for each operation that is opened, and once more at the
// start. It is given as much of it as the part in question refers to, which is read several times as
// soon.
const readingExcerpts = () => ({
  afterLoad() {
    const { resolveSubtree } = this.fn;
    this.fn.resolveSubtree = (spec, path, options) =>
      resolveSubtree(excerpt(spec, path), path, options);
  },
});

const excerpt = (spec, path) => {
  const at = (steps) => steps.reduce((part, step) => part?.[step], spec);
  const needed = new Set();
  const need = (part) => {
    if (part === null || typeof part !== "object") {
      return;
    }
    const reference = part.$ref;
    if (typeof reference === "string" && !needed.has(reference)) {
      needed.add(reference);
      need(at(reference.split("/").slice(1)));
    }
    Object.values(part).forEach(need);
  };
  need(at(path));

  const isAsked = (place) => path.every((step, depth) => depth >= place.length || step === place[depth]);
  const isNeeded = (...place) => isAsked(place) || needed.has(["#", ...place].join("/"));
  const kept = (section) =>
    mapped(spec[section], (group, key) =>
      filtered(group, (name) => isNeeded(section, key, name)));
  return { ...spec, paths: kept("paths"), components: kept("components") };
};

const mapped = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));

const filtered = (object, holds) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => holds(key)));

SwaggerUIBundle({
  domNode: document.getElementById("explorer"),
  url: document.getElementById("explorer").dataset.openapi,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  docExpansion: "list",
  filter: true,
  plugins: [plainWhereLong, readingExcerpts],
  showCommonExtensions: true,
  tryItOutEnabled: true,
  // Otherwise a badge sends the document's address to its maker's validator.
  validatorUrl: null,
});
