import type { CodegenConfig } from "@graphql-codegen/cli";

// schema.graphql is printed first (`npm run codegen` does both): the generator cannot load our modules.
const config: CodegenConfig = {
  schema: "schema.graphql",
  documents: ["src/client/operations.ts"],
  emitLegacyCommonJSImports: false,
  importExtension: ".ts",
  generates: {
    "src/client/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: "string",
        enumsAsTypes: true,
        useTypeImports: true,
        scalars: { DateTime: "string", Upload: "Blob" },
      },
    },
  },
};

export default config;
