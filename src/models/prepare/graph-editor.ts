import { GraphIndex, prune } from "./graph-index.ts";
import {
  dimsOf,
  FLOAT,
  type Graph,
  INT8,
  INT32,
  INT64,
  keepTensor,
  type LazyTensor,
  type Node,
  valuesOf,
} from "./onnx.ts";

/** Collects changes of a graph, so that every look at it sees it as it was, and makes them at once. */
export class GraphEditor {
  readonly index: GraphIndex;
  readonly #graph: Graph;
  readonly #tensors: Map<string, LazyTensor>;
  readonly #replacements = new Map<Node, readonly Node[]>();

  /** @param tensors the initializers of `graph`, whether their bytes exist already or not */
  constructor(graph: Graph, tensors: readonly LazyTensor[]) {
    this.#graph = graph;
    this.#tensors = new Map(tensors.map((tensor) => [tensor.head.name, tensor]));
    this.index = new GraphIndex(graph);
  }

  /** Nodes of one operator, in the order of the graph. */
  nodes(opType: string): Node[] {
    return this.#graph.node.filter((node) => node.opType === opType);
  }

  /** Puts nodes in the place of one. */
  replace(node: Node, nodes: readonly Node[]): void {
    this.#replacements.set(node, nodes);
  }

  /** Adds a float32 constant whose numbers are made when the file is written. @returns its name */
  floats(name: string, dims: readonly number[], values: () => Float32Array): string {
    const count = dims.reduce((product, dim) => product * dim, 1);
    this.#tensors.set(name, {
      head: { name, dims: [...dims], dataType: FLOAT },
      rawBytes: count * Float32Array.BYTES_PER_ELEMENT,
      raw() {
        const { buffer, byteOffset, byteLength } = values();
        return new Uint8Array(buffer, byteOffset, byteLength);
      },
    });
    return name;
  }

  /** A constant list of int64; the same list is added once. @returns its name */
  integers(...values: number[]): string {
    const name = `/integers/${values.join("_")}`;
    const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.#tensors.set(name, keepTensor({ name, dims: [values.length], dataType: INT64, rawData }));
    return name;
  }

  /** A constant number of int8 or int32. @returns its name */
  number(name: string, type: "int8" | "int32", value: number): string {
    const [dataType, array] = type === "int8" ? [INT8, Int8Array] : [INT32, Int32Array];
    const rawData = new Uint8Array(array.of(value).buffer);
    this.#tensors.set(name, keepTensor({ name, dims: [], dataType, rawData }));
    return name;
  }

  /** The same constant with one more dimension, of length 1, at `axis`. @returns its name */
  unsqueezed(constant: string, axis: number): string {
    const { head, ...bytes } = this.#tensor(constant);
    const name = `${constant}/unsqueezed`;
    this.#tensors.set(name, { ...bytes, head: { ...head, name, dims: dimsOf(head).toSpliced(axis, 0, 1) } });
    return name;
  }

  dimsOf(constant: string | undefined): number[] {
    return dimsOf(this.#tensor(constant).head);
  }

  /** Numbers of a float32 constant. */
  valuesOf(constant: string | undefined): Float32Array {
    const { head, raw } = this.#tensor(constant);
    return Float32Array.from(valuesOf({ ...head, rawData: raw() }));
  }

  /** Makes the changes and drops what nothing needs any more. @returns the initializers of the new graph */
  apply(): LazyTensor[] {
    const graph = this.#graph;
    graph.node = graph.node.flatMap((node) => this.#replacements.get(node) ?? [node]);
    graph.initializer = [...this.#tensors.values()].map(({ head }) => head);
    prune(graph);
    return graph.initializer.map(({ name }) => this.#tensor(name));
  }

  #tensor(name: string | undefined): LazyTensor {
    const tensor = this.#tensors.get(name ?? "");
    if (tensor === undefined) throw new Error(`${name} is not a constant.`);
    return tensor;
  }
}
