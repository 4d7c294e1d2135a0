#!/usr/bin/env node
import { runServe } from "./commands/serve.ts";

await runServe({});
