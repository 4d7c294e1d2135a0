import { readFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import protobuf from "protobufjs";

/** Fields of the public ONNX schema (models/onnx.proto) that the preparation reads or writes. */
export interface Tensor {
  name: string;
  dims: Int64[];
  dataType: number;
  rawData?: Uint8Array;
  int32Data?: number[];
  int64Data?: Int64[];
  floatData?: number[];
}
/** An attribute of a node; `type` says which of the values counts. */
export interface Attribute {
  name: string;
  type?: number;
  f?: number;
  i?: Int64;
  ints?: Int64[];
}
export interface Node {
  name: string;
  opType: string;
  domain?: string;
  input: string[];
  output: string[];
  attribute: Attribute[];
}
interface ValueInfo {
  name: string;
  type?: { tensorType?: { elemType?: number; shape?: object } };
}
export interface Graph {
  name?: string;
  node: Node[];
  initializer: Tensor[];
  input: ValueInfo[];
  output: ValueInfo[];
  valueInfo: ValueInfo[];
}
export interface Model {
  irVersion?: Int64;
  opsetImport?: { domain: string; version: Int64 }[];
  graph: Graph;
}
type Int64 = number | { toNumber(): number };

/** Values of TensorProto.DataType. */
export const FLOAT = 1;
export const UINT8 = 2;
export const INT8 = 3;
export const INT32 = 6;
export const INT64 = 7;

/** Values of AttributeProto.AttributeType. */
const ATTRIBUTE = { float: 1, integer: 2, integers: 7 } as const;

/** A tensor whose bytes are made only when they are written. */
export interface LazyTensor {
  readonly head: Omit<Tensor, "rawData">;
  readonly rawBytes: number;
  raw(): Uint8Array;
}

const MODEL_GRAPH_FIELD = 7;
const GRAPH_INITIALIZER_FIELD = 5;
const TENSOR_RAW_DATA_FIELD = 9;
const LENGTH_DELIMITED = 2;

const schema = protobuf.parse(
  readFileSync(new URL("../../../models/onnx.proto", import.meta.url), "utf8"),
).root;
const modelType = schema.lookupType("onnx.ModelProto");
const graphType = schema.lookupType("onnx.GraphProto");
const tensorType = schema.lookupType("onnx.TensorProto");

/** Reads an ONNX file; the weights stay views of `bytes`. Fields that the schema does not know are kept. */
export function decodeModel(bytes: Uint8Array): Model {
  const reader = protobuf.Reader.create(bytes);
  reader.discardUnknown = false;
  return modelType.decode(reader) as unknown as Model;
}

/** An ONNX file as one piece of memory. */
export function encodeModel(model: Model): Uint8Array {
  return encode(modelType, model);
}

/**
 * Writes an ONNX file with one weight in memory at a time. Protocol Buffers let the fields of a message come in
 * any order, and each length is known beforehand, so nothing has to be held whole.
 *
 * @param tensors the initializers, in place of those in `model`
 * @param onBytes told the bytes written so far and in all
 */
export async function writeModel(
  model: Model,
  tensors: readonly LazyTensor[],
  file: FileHandle,
  onBytes: (written: number, total: number) => void,
): Promise<void> {
  const graph = encode(graphType, { ...model.graph, initializer: [] });
  const rest = encode(modelType, { ...model, graph: undefined });
  const heads = tensors.map(({ head, rawBytes }) => {
    const fields = encode(tensorType, head);
    const rawHead = fieldHead(TENSOR_RAW_DATA_FIELD, rawBytes);
    const size = fields.length + (rawBytes > 0 ? rawHead.length + rawBytes : 0);
    return Buffer.concat([
      fieldHead(GRAPH_INITIALIZER_FIELD, size),
      fields,
      rawBytes > 0 ? rawHead : new Uint8Array(),
    ]);
  });
  const graphBytes =
    graph.length +
    heads.reduce((sum, head) => sum + head.length, 0) +
    tensors.reduce((sum, tensor) => sum + tensor.rawBytes, 0);
  const start = Buffer.concat([rest, fieldHead(MODEL_GRAPH_FIELD, graphBytes), graph]);
  const total = start.length - graph.length + graphBytes;
  await file.writeFile(start);
  let written = start.length;
  for (const [index, tensor] of tensors.entries()) {
    const head = heads[index] ?? new Uint8Array();
    const raw = tensor.raw();
    if (raw.length !== tensor.rawBytes)
      throw new Error(`The size of ${tensor.head.name} is not as announced.`);
    await file.writeFile(head);
    if (raw.length > 0) await file.writeFile(raw);
    written += head.length + raw.length;
    onBytes(written, total);
  }
}

/** Wraps a tensor of the original file, bytes and all. */
export function keepTensor(tensor: Tensor): LazyTensor {
  const { rawData, ...head } = tensor;
  return { head, rawBytes: rawData?.length ?? 0, raw: () => rawData ?? new Uint8Array() };
}

export function dimsOf(tensor: Tensor): number[] {
  return tensor.dims.map(asNumber);
}

/** Values of a small or quantised tensor, whichever of the two ways the file stores them. */
export function valuesOf(tensor: Tensor): Float32Array | Int8Array | Uint8Array {
  const raw = tensor.rawData?.length ? tensor.rawData : null;
  switch (tensor.dataType) {
    case FLOAT:
      // The bytes may lie at an odd offset: copied, so that they can be seen as floats.
      return raw ? new Float32Array(Uint8Array.from(raw).buffer) : Float32Array.from(tensor.floatData ?? []);
    case INT8:
      return raw
        ? new Int8Array(raw.buffer, raw.byteOffset, raw.length)
        : Int8Array.from(tensor.int32Data ?? []);
    case UINT8:
      return raw ?? Uint8Array.from(tensor.int32Data ?? []);
    default:
      throw new Error(`The tensor ${tensor.name} has the unexpected data type ${tensor.dataType}.`);
  }
}

/** Numbers of an int64 tensor. */
export function integersOf(tensor: Tensor): number[] {
  if (tensor.dataType !== INT64) throw new Error(`The tensor ${tensor.name} holds no integers.`);
  const raw = tensor.rawData?.length ? Uint8Array.from(tensor.rawData) : null;
  if (raw !== null) return Array.from(new BigInt64Array(raw.buffer), Number);
  return (tensor.int64Data ?? []).map(asNumber);
}

export function floatAttribute(name: string, f: number): Attribute {
  return { name, type: ATTRIBUTE.float, f };
}

export function integerAttribute(name: string, i: number): Attribute {
  return { name, type: ATTRIBUTE.integer, i };
}

export function integersAttribute(name: string, ...ints: number[]): Attribute {
  return { name, type: ATTRIBUTE.integers, ints };
}

/** The integers of a node's attribute: one for a single integer, none where it is left out. */
export function attributeOf(node: Node, name: string): number[] {
  const attribute = node.attribute.find((candidate) => candidate.name === name);
  if (attribute === undefined) return [];
  return attribute.type === ATTRIBUTE.integers
    ? (attribute.ints ?? []).map(asNumber)
    : [asNumber(attribute.i ?? 0)];
}

function asNumber(value: Int64): number {
  return typeof value === "number" ? value : value.toNumber();
}

function encode(type: protobuf.Type, message: object): Uint8Array {
  return type.encode(message as never).finish();
}

function fieldHead(field: number, length: number): Uint8Array {
  return protobuf.Writer.create()
    .uint32((field << 3) | LENGTH_DELIMITED)
    .uint32(length)
    .finish();
}
