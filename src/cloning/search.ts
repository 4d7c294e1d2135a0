import { aim } from "./aim.ts";
import { Judge, type Judged } from "./judge.ts";
import type { CloneMachinery, CloneState, CloneTarget, RefineOptions } from "./machinery.ts";
import { mixPoint } from "./mix.ts";
import { Random } from "./random.ts";
import { JUDGING_SENTENCES, SEARCH_SENTENCES } from "./sentences.ts";
import type { CloneSpace } from "./space.ts";
import { inParallel, speakAndListen } from "./speak.ts";
import { blend, collect, mapOf, type NormalEquations, type Observation } from "./style-map.ts";

/** Candidates that are spoken side by side; fixed, so that the number of members does not change the outcome. */
const GENERATION = 8;
/** Generations between two judgements of where the search stands. */
const JUDGE_EVERY = 5;
/** A search that has had this many utterances learns next to nothing from more. */
const MOST_EVALUATIONS = 480;
/** Time is kept for the last judgement to hear this many voices. */
const LAST_HEARINGS = 2;
/** What is learnt beforehand counts as much as this many utterances of the search itself. */
const LEARNT_COUNTS = 120;
/** How far from the centre candidates lie, in units of a typical voice per coordinate: at first, and at last. */
const SPREAD = { first: 0.35, last: 0.15 } as const;
/** How far the centre may go in a generation, in the same units, as the whole distance. */
const REACH = 2.5;

/**
 * Searches the style space for what sounds more like the target, starting from what the learnt map expects.
 *
 * Each utterance near the centre tells 768 numbers about how styles are heard around there, so the map is fitted
 * again with what was heard, and the centre moves to where it then expects the target: after a few dozen utterances
 * the map knows this neighbourhood. Sentences alternate and the fit has an offset for each, so no voice wins by the
 * sentence it had. Where the search stands is judged on other, longer sentences, and there it must also sound about as well as
 * the nearest stock voice; the best so judged is the result.
 *
 * Yields after every generation; `pack` and `similarity` change when a better voice was found, and never for worse.
 * Ends when the budget is used up, after MOST_EVALUATIONS, or when `signal` is aborted (it then throws its reason).
 */
export async function* refine(
  space: CloneSpace,
  target: CloneTarget,
  machinery: CloneMachinery,
  options: RefineOptions,
): AsyncGenerator<CloneState> {
  const search = new Search(space, target, machinery, options);
  yield* search.run();
}

class Search {
  readonly #space: CloneSpace;
  readonly #target: CloneTarget;
  readonly #machinery: CloneMachinery;
  readonly #options: RefineOptions;
  readonly #mostEvaluations: number;
  readonly #startedAt = performance.now();
  readonly #judging: Judge;
  readonly #random: Random;
  readonly #scale: number;
  /** What was heard of this search's own utterances. */
  #own: NormalEquations;
  /** Utterances of candidates. */
  #searched = 0;
  #best: Judged | null = null;
  #pack: Float32Array = new Float32Array();

  constructor(space: CloneSpace, target: CloneTarget, machinery: CloneMachinery, options: RefineOptions) {
    this.#space = space;
    this.#target = target;
    this.#machinery = machinery;
    this.#options = options;
    this.#mostEvaluations = Math.min(options.mostEvaluations ?? MOST_EVALUATIONS, MOST_EVALUATIONS);
    this.#judging = new Judge(space, target, machinery, options.signal);
    this.#random = new Random(options.seed);
    this.#scale = Math.sqrt(space.styles.voices);
    this.#own = collect([], space.styles.voices, true);
  }

  async *run(): AsyncGenerator<CloneState> {
    let centre = mixPoint(this.#space, this.#target);
    await this.#judge(centre);
    yield this.#state();
    let judged = true;
    for (let generation = 1; this.#mayGoOn(GENERATION); generation += 1) {
      await this.#observe(this.#around(centre), generation);
      centre = this.#moved(centre);
      judged = generation % JUDGE_EVERY === 0;
      if (judged) await this.#judge(centre);
      yield this.#state();
    }
    if (!judged) await this.#judge(centre);
    yield { ...this.#state(), progress: 1 };
  }

  /** Time and utterances are left for a generation and the last judgement. */
  #mayGoOn(utterances: number): boolean {
    const { budgetSeconds, signal } = this.#options;
    signal.throwIfAborted();
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const perHearing = this.#judging.seconds / this.#judging.hearings;
    const perUtterance = this.#searched === 0 ? 0 : (seconds - this.#judging.seconds) / this.#searched;
    return (
      this.#evaluations() + utterances + JUDGING_SENTENCES.length <= this.#mostEvaluations &&
      seconds + utterances * perUtterance + LAST_HEARINGS * perHearing <= budgetSeconds
    );
  }

  #evaluations(): number {
    return this.#searched + this.#judging.evaluations;
  }

  /** Pairs on opposite sides of the centre, at random. */
  #around(centre: Float64Array): Float64Array[] {
    const share = this.#evaluations() / this.#mostEvaluations;
    const spread = (SPREAD.first + (SPREAD.last - SPREAD.first) * share) / this.#scale;
    return Array.from({ length: GENERATION / 2 }, () => {
      const step = centre.map(() => spread * this.#random.normal());
      return [
        centre.map((value, d) => value + (step[d] as number)),
        centre.map((value, d) => value - (step[d] as number)),
      ];
    }).flat();
  }

  async #observe(points: readonly Float64Array[], generation: number): Promise<void> {
    const { styles } = this.#space;
    const heard = await inParallel(
      points.map((point, index) => async () => {
        const number = (generation * points.length + index) % SEARCH_SENTENCES.length;
        const sentence = SEARCH_SENTENCES[number];
        if (sentence === undefined) return null;
        const style = styles.styleAt(point, sentence.tokens.length);
        const views = await speakAndListen(style, sentence, this.#machinery);
        return (
          views && { point, sentence: number, heard: Float32Array.from(views.flatMap((view) => [...view])) }
        );
      }),
      this.#machinery.parallel,
      this.#options.signal,
    );
    this.#searched += points.length;
    const usable: Observation[] = heard.flatMap((observation) => observation ?? []);
    this.#own = blend(this.#own, 1, collect(usable, styles.voices, true));
  }

  /** Where the map, fitted with what was heard, expects the target. */
  #moved(centre: Float64Array): Float64Array {
    const { learnt } = this.#space;
    const map = mapOf(blend(learnt, LEARNT_COUNTS / learnt.count, this.#own));
    const from = centre.map((value) => value * this.#scale);
    return aim(map, this.#target.views, from, REACH).map((value) => value / this.#scale);
  }

  async #judge(point: Float64Array): Promise<void> {
    const judged = await this.#judging.judge(point);
    const worse =
      this.#best !== null &&
      (judged.similarity <= this.#best.similarity || (this.#best.sound && !judged.sound));
    if (worse) return;
    this.#best = judged;
    this.#pack = this.#space.styles.packAt(judged.point);
  }

  #state(): CloneState {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    return {
      stage: "REFINE",
      pack: this.#pack,
      similarity: this.#best?.similarity ?? -1,
      evaluations: this.#evaluations(),
      progress: Math.min(
        1,
        Math.max(seconds / this.#options.budgetSeconds, this.#evaluations() / this.#mostEvaluations),
      ),
    };
  }
}
