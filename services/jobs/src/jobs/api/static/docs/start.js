// Swagger UI shows the fields of a form as JSON when another type is chosen; each type has an example of its own.
const ExampleOfChosenType = () => ({
  statePlugins: {
    oas3: {
      wrapActions: {
        setRequestContentType: (original, { oas3Actions }) => (chosen) => {
          oas3Actions.setRequestBodyValue({ value: undefined, pathMethod: chosen.pathMethod });
          return original(chosen);
        },
      },
    },
  },
});

SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#documentation",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  plugins: [ExampleOfChosenType],
});
