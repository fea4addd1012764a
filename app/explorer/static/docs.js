// Starts Swagger UI. A file of its own, because the page's policy allows no script in the HTML.
"use strict";

SwaggerUIBundle({
  domNode: document.getElementById("explorer"),
  url: document.getElementById("explorer").dataset.openapi,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  docExpansion: "list",
  filter: true,
  showCommonExtensions: true,
  tryItOutEnabled: true,
  // Otherwise a badge sends the document's address to its maker's validator.
  validatorUrl: null,
});
