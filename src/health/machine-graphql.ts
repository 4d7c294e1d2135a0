import { anyKey } from "../auth/scopes.ts";
import { builder } from "../graphql/builder.ts";
import type { EventLoopDelay } from "./event-loop.ts";
import type { GpuStatus } from "./gpu.ts";
import type { Health } from "./health.ts";

export const CpuType = builder.objectRef<Health["cpu"]>("CpuHealth").implement({
  authScopes: anyKey,
  description: "Processors of the node that answers.",
  fields: (t) => ({
    cores: t.exposeInt("cores", { description: "Cores that the process may use." }),
    loadAverage1m: t.exposeFloat("loadAverage1m", {
      description: "Load average of the last minute; 0 on Windows.",
    }),
  }),
});

export const MemoryType = builder.objectRef<Health["memory"]>("MemoryHealth").implement({
  authScopes: anyKey,
  description: "Memory of the node that answers, in bytes.",
  fields: (t) => ({
    totalBytes: t.exposeFloat("totalBytes", { description: "What the machine has." }),
    freeBytes: t.exposeFloat("freeBytes", { description: "What nobody uses." }),
    availableBytes: t.exposeFloat("availableBytes", {
      description: "What this process may still have, by the machine or by its container.",
    }),
    residentBytes: t.exposeFloat("residentBytes", {
      description: "What this process holds, without its pool.",
    }),
  }),
});

export const EventLoopType = builder.objectRef<EventLoopDelay>("EventLoopDelay").implement({
  authScopes: anyKey,
  description: "How much later than asked the node ran its timers, over the last 15 seconds.",
  fields: (t) => ({
    meanSeconds: t.exposeFloat("meanSeconds", { description: "On average." }),
    p99Seconds: t.exposeFloat("p99Seconds", { description: "At most, in 99 of 100 cases." }),
    maxSeconds: t.exposeFloat("maxSeconds", { description: "At most." }),
  }),
});

export const GpuType = builder.objectRef<GpuStatus>("Gpu").implement({
  authScopes: anyKey,
  description: "A graphics processor, as the NVIDIA driver reports it.",
  fields: (t) => ({
    index: t.exposeInt("index", { description: "Its number on the machine, from 0." }),
    name: t.exposeString("name", { description: "What it is." }),
    driverVersion: t.exposeString("driverVersion", { description: "Version of the driver." }),
    memoryTotalBytes: t.exposeFloat("memoryTotalBytes", { description: "Memory it has, in bytes." }),
    memoryUsedBytes: t.exposeFloat("memoryUsedBytes", { description: "Memory that is in use, in bytes." }),
    utilisation: t.exposeFloat("utilisation", {
      nullable: true,
      description: "Share of time in which it computes, 0 to 1; null where the driver does not tell.",
    }),
    temperatureCelsius: t.exposeFloat("temperatureCelsius", {
      nullable: true,
      description: "Its temperature; null where the driver does not tell.",
    }),
  }),
});
