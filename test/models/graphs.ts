import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, type Tensor as RuntimeTensor } from "onnxruntime-node";
import { expect } from "vitest";
import {
  type Attribute,
  type Graph,
  keepTensor,
  type Model,
  type Tensor,
  writeModel,
} from "../../src/models/prepare/onnx.ts";

export const FLOAT = 1;
export const UINT8 = 2;
export const INT8 = 3;
export const INT32 = 6;
export const INT64 = 7;

type Values = Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;

export function tensor(name: string, dataType: number, dims: number[], values: Values): Tensor {
  return { name, dataType, dims, rawData: new Uint8Array(values.buffer) };
}

export function node(opType: string, input: string[], output: string[], attribute: Attribute[] = []) {
  return {
    name: `/${opType}/${output[0]}`,
    opType,
    input,
    output,
    attribute,
  };
}

export function value(name: string, dims: number[]) {
  const shape = { dim: dims.map((dimValue) => ({ dimValue })) };
  return { name, type: { tensorType: { elemType: FLOAT, shape } } };
}

export function modelOf(graph: Omit<Graph, "valueInfo">): Model {
  const opsetImport = [{ domain: "", version: 20 }];
  return { irVersion: 8, opsetImport, graph: { name: "test", valueInfo: [], ...graph } } as unknown as Model;
}

export async function serialise(
  model: Model,
  tensors = model.graph.initializer.map(keepTensor),
): Promise<Uint8Array> {
  const path = join(await fs.mkdtemp(join(tmpdir(), "speaker-onnx-")), "model.onnx");
  const file = await fs.open(path, "w");
  let last: readonly number[] = [];
  await writeModel(model, tensors, file, (...bytes) => {
    last = bytes;
  });
  await file.close();
  const bytes = await fs.readFile(path);
  expect(last).toEqual([bytes.length, bytes.length]);
  await fs.rm(join(path, ".."), { recursive: true });
  return bytes;
}

export async function run(bytes: Uint8Array, x: RuntimeTensor): Promise<Record<string, readonly number[]>> {
  const session = await InferenceSession.create(bytes);
  const outputs = await session.run({ x });
  await session.release();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, [...(data as Float32Array)]]),
  );
}

/** Numbers in −1..1 that look random and are the same in every run. */
export function wave(length: number, step: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => Math.sin(index * step));
}

export function expectClose(
  actual: readonly number[] | undefined,
  expected: readonly number[],
  tolerance: number,
): void {
  expect(actual).toHaveLength(expected.length);
  const worst = Math.max(
    ...expected.map((number, index) => Math.abs(number - (actual?.[index] ?? Number.NaN))),
  );
  expect(worst).toBeLessThan(tolerance);
}
