export { describeSample } from "./describe.ts";
export type { CloneMachinery, CloneState, CloneTarget } from "./machinery.ts";
export { mixNearest } from "./mix.ts";
export { refine } from "./search.ts";
export { measureSimilarity } from "./similarity.ts";
export { type CloneSpace, nearestStock, openCloneSpace } from "./space.ts";
