import {
  type Attribute,
  decodeModel,
  encodeModel,
  FLOAT,
  type Graph,
  INT64,
  integerAttribute,
  type Node,
} from "./onnx.ts";

/** The added output: float32 [1, 1, ids], frames that each id takes. */
export const PIPER_DURATIONS = "durations";
/** The added input: float32 [n], what the network takes for chance, from the beginning and again when it is used up. */
export const PIPER_NOISE = "chance";

/**
 * A Piper network (VITS) as Speaker runs it: each id's frames as another output, and its noise from an input instead of a
 * generator inside, so that the same ids sound the same. Nothing else changes.
 *
 * @returns the altered file
 * @throws Error when the graph is no VITS network as Piper exports them
 */
export function preparePiper(bytes: Uint8Array): Uint8Array {
  const model = decodeModel(bytes);
  exposeDurations(model.graph);
  drawFromInput(model.graph);
  return encodeModel(model);
}

/** Durations are predicted as real numbers and rounded up: it is the only place where a VITS network does that. */
function exposeDurations(graph: Graph): void {
  const [ceil, ...others] = graph.node.filter(({ opType }) => opType === "Ceil");
  const [rounded] = ceil?.output ?? [];
  if (rounded === undefined || others.length > 0)
    throw new Error("The durations are not where they should be.");
  graph.node.push(node("Identity", [rounded], PIPER_DURATIONS));
  const shape = { dim: [{ dimValue: 1 }, { dimValue: 1 }, { dimParam: "phonemes" }] };
  graph.output.push({ name: PIPER_DURATIONS, type: { tensorType: { elemType: FLOAT, shape } } });
}

/** Each `RandomNormalLike` becomes a look into the input, at 0, 1, 2 … modulo its length, in the shape that it would have. */
function drawFromInput(graph: Graph): void {
  const random = graph.node.filter(({ opType }) => opType === "RandomNormalLike");
  if (random.length === 0) return;
  const shape = { dim: [{ dimParam: "chance_length" }] };
  graph.input.push({ name: PIPER_NOISE, type: { tensorType: { elemType: FLOAT, shape } } });
  const scalars = [0, 1].map((value) => {
    const name = `/${PIPER_NOISE}/${value}`;
    const rawData = new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
    graph.initializer.push({ name, dims: [], dataType: INT64, rawData });
    return name;
  });
  graph.node = graph.node.flatMap((original, index) =>
    random.includes(original) ? lookUp(original, `/${PIPER_NOISE}/${index}`, scalars) : [original],
  );
}

function lookUp(original: Node, prefix: string, [zero = "", one = ""]: readonly string[]): Node[] {
  const [like = ""] = original.input;
  const [drawn = ""] = original.output;
  const at = (name: string) => `${prefix}/${name}`;
  const whole: Attribute[] = [integerAttribute("keepdims", 0)];
  return [
    node("Shape", [like], at("shape")),
    node("ReduceProd", [at("shape")], at("size"), whole),
    node("Range", [zero, at("size"), one], at("places")),
    node("Size", [PIPER_NOISE], at("length")),
    node("Mod", [at("places"), at("length")], at("turned")),
    node("Gather", [PIPER_NOISE, at("turned")], at("values")),
    node("Reshape", [at("values"), at("shape")], drawn),
  ];
}

function node(opType: string, input: string[], output: string, attribute: Attribute[] = []): Node {
  return {
    name: `/speaker${output.startsWith("/") ? "" : "/"}${output}`,
    opType,
    input,
    output: [output],
    attribute,
  };
}
