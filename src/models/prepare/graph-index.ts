import type { Graph, Node, Tensor } from "./onnx.ts";

/** Who makes and who uses each value of a graph. */
export class GraphIndex {
  readonly #producers = new Map<string, Node>();
  readonly #consumers = new Map<string, Node[]>();
  readonly #constants: ReadonlyMap<string, Tensor>;

  constructor(graph: Graph) {
    this.#constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    for (const node of graph.node) {
      for (const name of node.output) this.#producers.set(name, node);
      for (const name of node.input) {
        const known = this.#consumers.get(name);
        if (known) known.push(node);
        else this.#consumers.set(name, [node]);
      }
    }
  }

  /** The node that makes a value, which must be of the given operator. */
  producer(value: string | undefined, opType: string): Node {
    const node = this.#producers.get(value ?? "");
    if (node?.opType !== opType) throw new Error(`${value} is not made by ${opType}.`);
    return node;
  }

  /** The nodes that use a value. */
  consumers(value: string | undefined): readonly Node[] {
    return this.#consumers.get(value ?? "") ?? [];
  }

  /** The only node that uses what `node` makes. */
  onlyConsumer(node: Node): Node {
    const [consumer, ...others] = this.consumers(node.output[0]);
    if (consumer === undefined || others.length > 0)
      throw new Error(`${node.name} is not used exactly once.`);
    return consumer;
  }

  constant(name: string | undefined): Tensor {
    const tensor = this.#constants.get(name ?? "");
    if (tensor === undefined) throw new Error(`${name} is not a constant.`);
    return tensor;
  }

  isConstant(name: string | undefined): boolean {
    return this.#constants.has(name ?? "");
  }

  /** The two operands of a commutative node of which exactly one is a constant. */
  operands(node: Node): { constant: string; value: string } {
    const [constant, ...more] = node.input.filter((name) => this.isConstant(name));
    if (constant === undefined || more.length > 0) throw new Error(`${node.name} has unexpected inputs.`);
    return { constant, value: GraphIndex.otherInput(node, constant) };
  }

  /** The two operands of a commutative node of which the first is made by the given operator. */
  operandsBy(node: Node, opType: string): { made: Node; other: string } {
    const made = node.input
      .map((name) => this.#producers.get(name))
      .find((maker) => maker?.opType === opType);
    if (made === undefined) throw new Error(`${node.name} uses nothing that ${opType} makes.`);
    return { made, other: GraphIndex.otherInput(node, made.output[0]) };
  }

  /** The operand of a commutative node that is not `value`. */
  static otherInput(node: Node, value: string | undefined): string {
    const others = node.input.filter((name) => name !== value);
    const [other] = others;
    if (other === undefined || others.length !== 1) throw new Error(`${node.name} has unexpected inputs.`);
    return other;
  }
}

/** Drops every node, constant and type note that no output of the graph depends on. */
export function prune(graph: Graph): void {
  const producers = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const needed = new Set<Node>();
  const values = new Set<string>();
  const open = graph.output.map((output) => output.name);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    values.add(name);
    const node = producers.get(name);
    if (node === undefined || needed.has(node)) continue;
    needed.add(node);
    open.push(...node.input);
  }
  graph.node = graph.node.filter((node) => needed.has(node));
  graph.initializer = graph.initializer.filter((tensor) => values.has(tensor.name));
  graph.valueInfo = graph.valueInfo.filter((info) => values.has(info.name));
}
