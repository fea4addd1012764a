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

SwaggerUIBundle({
  domNode: document.getElementById("explorer"),
  url: document.getElementById("explorer").dataset.openapi,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  docExpansion: "list",
  filter: true,
  plugins: [plainWhereLong],
  showCommonExtensions: true,
  tryItOutEnabled: true,
  // Otherwise a badge sends the document's address to its maker's validator.
  validatorUrl: null,
});
